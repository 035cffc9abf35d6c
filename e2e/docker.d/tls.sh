# With --tls: who vouches for store and engines, their certificates, and how all are told of them. Real etcd takes the same options.

TLS_OF_STORE=()
TLS_OF_CLIENTS=() # curl's
TLS_OF_ENGINES=()

tls_start() {
  [ $tls = yes ] || return 0
  local dir=$WORK/tls
  mkdir -p "$dir"
  kube_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$dir/ca.key" -out "$dir/ca.crt" -subj /CN=store-ca \
    && tls_certificate store "subjectAltName=IP:$HUB_IP" serverAuth && tls_certificate docker subjectAltName=DNS:docker clientAuth || return
  TLS_OF_STORE=(--cert-file "$dir/store.crt" --key-file "$dir/store.key" --trusted-ca-file "$dir/ca.crt" --client-cert-auth)
  TLS_OF_CLIENTS=(--cacert "$dir/ca.crt" --cert "$dir/docker.crt" --key "$dir/docker.key")
  TLS_OF_ENGINES=(--cluster-store-opt "kv.cacertfile=$dir/ca.crt" --cluster-store-opt "kv.certfile=$dir/docker.crt" --cluster-store-opt "kv.keyfile=$dir/docker.key")
  STORE_URL=https://$HUB_IP:2379
}

tls_certificate() { # tls_certificate NAME EXTENSION USAGE
  local of=$WORK/tls/$1
  kube_openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$of.key" -out "$of.csr" -subj "/CN=$1" || return
  kube_openssl x509 -req -in "$of.csr" -CA "$WORK/tls/ca.crt" -CAkey "$WORK/tls/ca.key" -CAcreateserial -days 2 -out "$of.crt" \
    -extfile <(printf '%s\nextendedKeyUsage=%s\n' "$2" "$3")
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
