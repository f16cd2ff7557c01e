{{- /* The Secret that the certificate is mounted from; empty where tallyman makes it itself. */}}
{{- define "tallyman.mounted-secret" -}}
{{- if eq .Values.certificate.source "secret" -}}
{{- .Values.certificate.secret.name -}}
{{- else if eq .Values.certificate.source "certManager" -}}
tallyman-tls
{{- end -}}
{{- end }}

{{- /* How the API server calls. A caBundle is in it only where nobody else fills it in. */}}
{{- define "tallyman.client-config" -}}
service: {namespace: {{ .root.Release.Namespace | quote }}, name: tallyman, port: 443, path: {{ .path }}}
{{- with .root.Values.certificate }}
{{- if eq .source "secret" }}
caBundle: {{ b64enc .secret.caBundle }}
{{- end }}
{{- end }}
{{- end }}
