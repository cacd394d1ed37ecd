{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{- define "weir.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "weir.selector" -}}
app.kubernetes.io/name: weir
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "weir.labels" -}}
{{ include "weir.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "weir.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "weir.rulesName" -}}
{{ .Values.existingRules | default (printf "%s-rules" (include "weir.name" .)) }}
{{- end }}

{{/* Whether a stable name and a volume wait for each pod. */}}
{{- define "weir.stateful" -}}
{{- if and (eq .Values.mode "deployment") .Values.persistence.enabled }}yes{{ end }}
{{- end }}

{{- define "weir.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "weir.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "weir.runArgs" -}}
- -c
- /etc/weir/weir.yml
- --web.listen=0.0.0.0:{{ .Values.service.port }}
{{- if not (dig "state" "" .Values.config) }}
- --state=/var/lib/weir/state
{{- end }}
{{- if include "weir.stateful" . }}
- --instance=$(POD_NAME)
{{- end }}
- --log-format=json
{{- with .Values.args }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "weir.containerBody" -}}
image: {{ include "weir.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  - name: POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  {{- with .Values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.envFrom }}
envFrom: {{- toYaml . | nindent 2 }}
{{- end }}
ports:
  - {name: weir-http, containerPort: {{ .Values.service.port }}}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  privileged: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
resources: {{- toYaml .Values.resources | nindent 2 }}
volumeMounts:
  - {name: weir-config, mountPath: /etc/weir, readOnly: true}
  - {name: weir-state, mountPath: /var/lib/weir}
  - {name: weir-tmp, mountPath: /tmp}
  {{- if .Values.existingSecret }}
  - {name: weir-secret, mountPath: /run/secrets/weir, readOnly: true}
  {{- end }}
  {{- with .Values.volumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where the web server has TLS or passwords of its own; every path wants them then, probes too. */}}
{{- define "weir.shut" -}}
{{- if dig "web" "config" "" .Values.config }}yes{{ end }}
{{- end }}

{{- define "weir.probes" -}}
{{- if .Values.probes.liveness }}
livenessProbe:
  {{- if include "weir.shut" . }}
  tcpSocket: {port: weir-http}
  {{- else }}
  httpGet: {path: /healthz, port: weir-http}
  {{- end }}
  initialDelaySeconds: 10
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 6
{{- end }}
{{- if .Values.probes.readiness }}
readinessProbe:
  httpGet: {path: /readyz, port: weir-http}
  periodSeconds: 5
  timeoutSeconds: 3
{{- end }}
{{- end }}

{{/* One entry of `initContainers`: a sidecar is one that restarts always. */}}
{{- define "weir.sidecar.container" -}}
name: weir
restartPolicy: Always
{{- if .Values.sidecar.gatesPod }}
args:
  - run
  {{- include "weir.runArgs" . | nindent 2 }}
{{- else }}
command: [/usr/libexec/weir/weir-beside]
args: {{- include "weir.runArgs" . | nindent 2 }}
{{- end }}
{{ include "weir.containerBody" . }}
{{- if .Values.sidecar.gatesPod }}
{{- include "weir.probes" . }}
{{- end }}
{{- end }}

{{/* Entries of `volumes` that the container wants; of a StatefulSet the state is a claim. */}}
{{- define "weir.sidecar.volumes" -}}
- name: weir-config
  projected:
    sources:
      - configMap: {name: {{ include "weir.name" . }}-config}
      - configMap: {name: {{ include "weir.rulesName" . }}}
- name: weir-tmp
  emptyDir: {sizeLimit: 1Gi}
{{- if not (include "weir.stateful" .) }}
- name: weir-state
  emptyDir: {sizeLimit: {{ .Values.persistence.size }}}
{{- end }}
{{- with .Values.existingSecret }}
- name: weir-secret
  secret: {secretName: {{ . }}, defaultMode: 0444}
{{- end }}
{{- with .Values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "weir.podMetadata" -}}
labels:
  {{- include "weir.selector" . | nindent 2 }}
  {{- with .Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  # weir.yml is read at the start, so another one means other pods; rules are not in the sum.
  checksum/config: {{ .Values.config | toJson | sha256sum }}
  {{- with .Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "weir.podSettings" -}}
serviceAccountName: {{ include "weir.serviceAccount" . }}
automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
