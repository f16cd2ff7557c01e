{{- /* Takes what is null out of an object, at any depth: Helm does that only for what this chart sets itself. */}}
{{- define "tallyman.drop-nulls" -}}
{{- $object := . -}}
{{- range $name, $value := $object -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $object $name -}}
{{- else if kindIs "map" $value -}}
{{- include "tallyman.drop-nulls" $value -}}
{{- end -}}
{{- end -}}
{{- end }}
