# With --tls: who vouches for store and engines, their certificates, and how all are told of them. Real etcd takes the same options. kubekv is also told what
# each may: the engines what is below docker/, one user everything, another nothing.

TLS_OF_STORE=()
TLS_OF_CLIENTS=() # curl's, who may everything
TLS_OF_ENGINES=()

tls_start() {
  [ $tls = yes ] || return 0
  local dir=$WORK/tls
  mkdir -p "$dir"
  kube_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$dir/ca.key" -out "$dir/ca.crt" -subj /CN=store-ca \
    && tls_certificate store "subjectAltName=IP:$HUB_IP" serverAuth && tls_certificate docker subjectAltName=DNS:docker clientAuth \
    && tls_certificate auditor subjectAltName=DNS:auditor clientAuth && tls_certificate other subjectAltName=DNS:other clientAuth || return
  TLS_OF_STORE=(--cert-file "$dir/store.crt" --key-file "$dir/store.key" --trusted-ca-file "$dir/ca.crt" --client-cert-auth)
  TLS_OF_CLIENTS=(--cacert "$dir/ca.crt" --cert "$dir/auditor.crt" --key "$dir/auditor.key")
  TLS_OF_ENGINES=(--cluster-store-opt "kv.cacertfile=$dir/ca.crt" --cluster-store-opt "kv.certfile=$dir/docker.crt" --cluster-store-opt "kv.keyfile=$dir/docker.key")
  STORE_URL=https://$HUB_IP:2379
}

tls_certificate() { # tls_certificate NAME EXTENSION USAGE
  local of=$WORK/tls/$1
  kube_openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$of.key" -out "$of.csr" -subj "/CN=$1" || return
  kube_openssl x509 -req -in "$of.csr" -CA "$WORK/tls/ca.crt" -CAkey "$WORK/tls/ca.key" -CAcreateserial -days 2 -out "$of.crt" \
    -extfile <(printf '%s\nextendedKeyUsage=%s\n' "$2" "$3")
}

# tls_grants_of NAMESPACE: writes them, and tells kubekv where.
tls_grants_of() {
  [ $tls = yes ] || return 0
  tls_grants "$1" > "$WORK/tls/rbac.yaml" && command+=(--authorization-mode RBAC --authorization-rbac-file "$WORK/tls/rbac.yaml")
}

tls_grants() { # tls_grants NAMESPACE
  sed "s/STORE/$1/g" <<'RBAC'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: docker}
rules:
- {nonResourceURLs: [/kv/STORE/docker, /kv/STORE/docker/*], verbs: [get, put, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: docker}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: docker}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: docker}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: auditor}
rules: [{nonResourceURLs: [/kv/*], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: auditor}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: auditor}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: auditor}]
RBAC
}

# One whose certificate is good, and who was granted nothing, asks what an engine asks.
ungranted_sees_nothing() {
  [ "$STORE" = kubekv ] || { note "etcd would need users of its own"; return; }
  local request said
  for request in 'docker/nodes?recursive=true' 'docker/nodes?wait=true&recursive=true&waitIndex=1' docker/network/v1.0 '?recursive=true'; do
    said=$(in_hub curl --noproxy '*' -sS --max-time 5 --cacert "$WORK/tls/ca.crt" --cert "$WORK/tls/other.crt" --key "$WORK/tls/other.key" \
      -w ' %{http_code}' "$STORE_URL/v2/keys/$request") || because "$request was not answered: $said" || return
    [[ $said == '{"errorCode":110,'*'"cause":"Insufficient credentials","index":0}'*' 401' ]] || because "$request was answered: $said" || return
  done
}

# A client with the authority's certificate and none of its own.
stranger_sees_nothing() {
  local said
  if said=$(in_hub curl --noproxy '*' -sS --max-time 5 --cacert "$WORK/tls/ca.crt" "$STORE_URL/v2/keys/?recursive=true" 2>&1); then
    because "it was answered: $said" || return
  fi
  # its words depend on when the connection ends: the one with a certificate is answered at the same time
  store_get / > /dev/null || because "nobody else is answered either: $said"
}
