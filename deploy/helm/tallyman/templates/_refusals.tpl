{{- /* What no schema can say. `helm lint` passes over it. */}}
{{- define "tallyman.refusals" -}}
{{- if eq .Release.Namespace "default" -}}
{{- list
  "\n\ntallyman needs a namespace of its own: what is in its namespace is not judged."
  "Add: --namespace tallyman --create-namespace\n"
  | join "\n" | fail -}}
{{- end -}}
{{- include "tallyman.repository-refusal" .Values.image.repository -}}
{{- if eq .Values.certificate.source "secret" -}}
{{- $bundle := .Values.certificate.secret.caBundle -}}
{{- /* Not in the schema, whose messages repeat the value: it may be a key by mistake. */}}
{{- if or (not (contains "-----BEGIN CERTIFICATE-----" $bundle)) (contains "PRIVATE KEY-----" $bundle) -}}
{{- list
  "\n\ncertificate.secret.caBundle has to be what signed the certificate, as PEM and without a key:"
  "the API server trusts nothing else."
  "Add: --set-file certificate.secret.caBundle=ca.crt\n"
  | join "\n" | fail -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /*
Tag and digest have fields of their own. What a repository is: host and path of a reference, as
github.com/distribution/reference has them.
*/}}
{{- define "tallyman.repository-refusal" -}}
{{- $digest := regexFind `@.*$` . -}}
{{- $tag := trimSuffix $digest . | regexFind `:[^:/]*$` -}}
{{- $repository := regexReplaceAll `^[A-Za-z]+://` (trimSuffix $digest . | trimSuffix $tag) "" -}}
{{- $host := `(?:[A-Za-z0-9]+(?:(?:\.|-+)[A-Za-z0-9]+)*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?` -}}
{{- $component := `[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*` -}}
{{- if not (regexMatch (printf `^(?:%s/)?%s(?:/%s)*$` $host $component $component) $repository) -}}
{{- list
  (printf "\n\nimage.repository is %q, which names no repository: the registry's host, with a port where it has one, and" .)
  "lower-case letters, digits, and single . _ or - between them, with slashes between the parts."
  "Set, for example: --set image.repository=registry.example.com/tallyman\n"
  | join "\n" | fail -}}
{{- else if ne . $repository -}}
{{- $set := list (printf "image.repository=%s" $repository) -}}
{{- with trimPrefix ":" $tag }}{{ $set = append $set (printf "image.tag=%s" .) }}{{ end -}}
{{- with trimPrefix "@" $digest }}{{ $set = append $set (printf "image.digest=%s" .) }}{{ end -}}
{{- list
  (printf "\n\nimage.repository is %q, but a repository has no scheme, no tag and no digest." .)
  (printf "Set instead: --set-string %s\n" (join "," $set))
  | join "\n" | fail -}}
{{- end -}}
{{- end }}
