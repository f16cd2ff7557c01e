{{- /*
A file that asks Prometheus, for the release's namespace. It is read and not rendered: its own {{ }} are for Prometheus and
Grafana.
*/}}
{{- define "tallyman.monitoring-file" -}}
{{- $text := .root.Files.Get .path -}}
{{- regexReplaceAll `(namespace=\\?")tallyman\b` $text (printf "${1}%s" .root.Release.Namespace) -}}
{{- end }}
