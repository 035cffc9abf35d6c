# kubekv on a real kube-apiserver that decides who may do what: TLS, certificates by an authority of the check's own, service accounts' tokens.
#
# host1, by certificate, may do everything with docker/* and read the key motd; the service account web, by token, may read shop/*; other nothing.

ttl=2 # seconds for which a decision is remembered

cluster_begin() {
  KUBE_ETCD_FLAGS=--unsafe-no-fsync
  kube_up_temporary 2> "$work/kube.log" || because "$(tail -n 1 "$work/kube.log")" || return
  read -r namespace account < <(E2E_KUBECONFIG=$kube_dir/kubeconfig E2E_KUBE_FOLDER=$work E2E_KUBE_LABEL='kubekv-e2e: authorization' \
    "$here/kube.d/new-store" 2> "$work/kube.log") || because "$(tail -n 1 "$work/kube.log")" || return
  sed "s/STORE/$namespace/g" "$here/authorization.d/grants.yaml" > "$work/grants.yaml"
  as_admin apply -f "$work/grants.yaml" > "$work/kube.log" 2>&1 || because "$(tail -n 1 "$work/kube.log")" || return
  web_token=$(as_admin create token web --audience kubekv) && other_audience=$(as_admin create token web --audience elsewhere) || because "no token was made"
}

as_admin() { "$kubectl_current" --kubeconfig "$kube_dir/kubeconfig" --namespace "$namespace" "$@"; }

store_begin() {
  local name
  kube_openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$work/ca.key" -out "$work/ca.crt" -subj /CN=clients || return
  certificate store /CN=store "subjectAltName=IP:127.0.0.1
extendedKeyUsage=serverAuth" || return
  for name in host1 other; do certificate $name "/O=hosts/CN=$name" extendedKeyUsage=clientAuth || return; done
  kube_free_port; etcd_url=https://127.0.0.1:$port
  kube_free_port; consul_url=https://127.0.0.1:$port
  kube_free_port; grpc=127.0.0.1:$port
  setpriv --pdeathsig KILL setsid "$repository/kubekv" serve --kubeconfig "$account" --namespace "$namespace" --etcd-listen "${etcd_url#https://}" \
    --consul-listen "${consul_url#https://}" --grpc-listen "$grpc" --ops-listen off --cert-file "$work/store.crt" --key-file "$work/store.key" \
    --trusted-ca-file "$work/ca.crt" --authorization-mode Webhook --authorization-cache-ttl ${ttl}s --authentication-token-webhook \
    --api-audiences kubekv >> "$work/store.log" 2>&1 &
  store_pid=$!
  wait_until 60 store_is_well || because "$(tail -n 1 "$work/store.log")"
}

certificate() { # certificate NAME SUBJECT EXTENSIONS
  kube_openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "$2" || return
  kube_openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 2 -out "$work/$1.crt" -extfile <(printf '%s\n' "$3")
}

store_is_well() { [[ $(ask "$etcd_url/health" 2> /dev/null) == *'"true"'* ]]; }

store_end() {
  local pids
  [ -n "${store_pid:-}" ] || return 0
  pids=$(pgrep -s "$store_pid")
  [ -z "$pids" ] || kill $pids 2> /dev/null
  wait "$store_pid" 2> /dev/null
}

# ask ARGUMENTS-OF-CURL...: the body, and the status behind it.
ask() { curl --noproxy '*' -sS --max-time 20 --cacert "$work/ca.crt" -w ' %{http_code}' "$@" 2>&1; }

as() { # as NAME ARGUMENTS-OF-CURL...: with its certificate
  local name=$1
  shift
  ask --cert "$work/$name.crt" --key "$work/$name.key" "$@"
}

verb() { "$repository/kubekv" "$1" "${@:2}" --server "$grpc" --cacert "$work/ca.crt" 2>&1; }

# How many of a resource the API server was asked for since it started: reviews RESOURCE
reviews() {
  curl --noproxy '*' -s --cacert "$kube_dir/pki/ca.crt" -H "Authorization: Bearer $(cat "$kube_dir/pki/admin.token")" "$KUBE_URL/metrics" \
    | awk -v of="resource=\"$1\"" '/^apiserver_request_total/ && index($0, of) { sum += $NF } END { print sum + 0 }'
}
