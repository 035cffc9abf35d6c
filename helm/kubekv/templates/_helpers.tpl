{{- define "kubekv.name" -}}
{{- $chart := .Values.nameOverride | default "kubekv" }}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name) }}
{{- .Values.fullnameOverride | default $name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- /* Names of what belongs to no namespace: two stores of one name must not share them. */}}
{{- define "kubekv.clusterName" -}}
{{ printf "%s-%s" .Release.Namespace (include "kubekv.name" .) | trunc 100 }}
{{- end }}

{{- define "kubekv.account" -}}
{{ .Values.serviceAccount.name | default (include "kubekv.name" .) }}
{{- end }}

{{- define "kubekv.image" -}}
{{- with .Values.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "kubekv.selector" -}}
app.kubernetes.io/name: kubekv
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kubekv.labels" -}}
{{ include "kubekv.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "kubekv.tlsSecret" -}}
{{- if eq .Values.tls.source "secret" }}{{ required "tls.secretName is needed with tls.source: secret" .Values.tls.secretName }}{{ else }}{{ include "kubekv.name" . }}-tls{{ end }}
{{- end }}

{{- define "kubekv.host" -}}
{{ include "kubekv.name" . }}.{{ .Release.Namespace }}.svc
{{- end }}

{{- define "kubekv.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "kubekv.account" . }}
{{- end }}

{{- define "kubekv.scheme" -}}
{{ if eq .Values.tls.source "none" }}http{{ else }}https{{ end }}
{{- end }}

{{- /* Says something when the API server would count the quota at once: it does already, or it has known all types for long enough. */}}
{{- define "kubekv.quotaIsCounted" -}}
{{- if lookup "v1" "ResourceQuota" .Release.Namespace (include "kubekv.name" .) }}yes{{ else }}
{{- $known := 0 }}
{{- range list "storelogs" "storechunks" "keyvalues" }}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" (printf "%s.kubekv.io" .) }}
{{- $since := .metadata.creationTimestamp | toDate "2006-01-02T15:04:05Z" | unixEpoch | int64 }}
{{- if ge (sub (now | unixEpoch | int64) $since) (int64 $.Values.quota.afterSeconds) }}{{ $known = add1 $known }}{{ end }}
{{- end }}
{{- end }}
{{- if eq (int $known) 3 }}yes{{ end }}
{{- end }}
{{- end }}
