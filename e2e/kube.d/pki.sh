# Certificates, tokens and kubeconfigs of a control plane in folder DIR; made once for each folder.

# kube_make_pki DIR: a certificate authority, the API server's certificate, clients' certificates, tokens
kube_make_pki() {
  local pki=$1/pki name
  [ -f "$pki/done" ] && return
  mkdir -p "$pki"
  kube_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout "$pki/ca.key" -out "$pki/ca.crt" -subj /CN=kube-ca || return
  kube_certificate "$pki" apiserver /CN=kube-apiserver \
    "subjectAltName=IP:127.0.0.1,IP:10.0.0.1,IP:$KUBE_BIND,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc
extendedKeyUsage=serverAuth" || return
  kube_certificate "$pki" admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth || return
  kube_certificate "$pki" controllers /CN=system:kube-controller-manager extendedKeyUsage=clientAuth || return
  kube_openssl genrsa -out "$pki/accounts.key" 2048 && kube_openssl rsa -in "$pki/accounts.key" -pubout -out "$pki/accounts.pub" || return
  for name in admin alice bob; do openssl rand -hex 16 > "$pki/$name.token"; done
  # two people besides the administrator: alice is in the group kvusers, bob in none
  cat > "$pki/tokens.csv" <<TOKENS
$(cat "$pki/admin.token"),admin-by-token,u-admin,"system:masters"
$(cat "$pki/alice.token"),alice,u-alice,"kvusers"
$(cat "$pki/bob.token"),bob,u-bob,""
TOKENS
  touch "$pki/done"
}

kube_openssl() {
  local said
  said=$(openssl "$@" 2>&1) && return
  echo "openssl $1 failed: $said" >&2
  return 1
}

# kube_certificate PKI NAME SUBJECT EXTENSIONS; the key has the form that k3s and kubeadm give theirs: no PKCS #8
kube_certificate() {
  local pki=$1 name=$2
  kube_openssl ecparam -name prime256v1 -genkey -noout -out "$pki/$name.key" || return
  kube_openssl req -new -key "$pki/$name.key" -out "$pki/$name.csr" -subj "$3" || return
  kube_openssl x509 -req -in "$pki/$name.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 3650 -out "$pki/$name.crt" \
    -extfile <(printf '%s\n' "$4")
}

# kube_write_kubeconfig DIR FILE USER [NAMESPACE]; USER is a YAML map: {token: ...} or {client-certificate: ..., client-key: ...}
kube_write_kubeconfig() {
  (
    umask 077
    cat > "$2" <<CONFIG
apiVersion: v1
kind: Config
current-context: kubekv
clusters: [{name: kubekv, cluster: {server: "https://$KUBE_BIND:$KUBE_PORT", certificate-authority: "$1/pki/ca.crt"}}]
contexts: [{name: kubekv, context: {cluster: kubekv, user: user, namespace: "${4:-default}"}}]
users: [{name: user, user: $3}]
CONFIG
  )
}
