{{- /* What no schema can say. `helm lint` passes over it. */}}
{{- define "tallyman.refusals" -}}
{{- if eq .Release.Namespace "default" -}}
{{- list
  "\n\ntallyman needs a namespace of its own: what is in its namespace is not judged."
  "Add: --namespace tallyman --create-namespace\n"
  | join "\n" | fail -}}
{{- end -}}
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
