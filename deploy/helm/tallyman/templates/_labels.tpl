{{- /* On each object; the last three tell Helm's users whose it is. */}}
{{- define "tallyman.labels" -}}
app.kubernetes.io/name: tallyman
app.kubernetes.io/part-of: tallyman
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* Chooses the Pods. Without the release: a cluster has one installation, and a selector cannot be changed. */}}
{{- define "tallyman.selector" -}}
app.kubernetes.io/name: tallyman
{{- end }}
