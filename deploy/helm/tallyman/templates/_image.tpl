{{- /* The image to run. A digest alone says what it is, so a tag that nobody set is not put beside it. */}}
{{- define "tallyman.image" -}}
{{- with .Values.image -}}
{{- $tag := .tag -}}
{{- if not (or .tag .digest) }}{{ $tag = $.Chart.AppVersion }}{{ end -}}
{{ .repository }}{{ with $tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}
{{- end }}
