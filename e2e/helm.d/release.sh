# A release of the chart, and kubekv as its pods would run it.

chart=$repository/helm/kubekv
space=kv release=kv

helm_() { HELM_CACHE_HOME=$work/helm HELM_CONFIG_HOME=$work/helm HELM_DATA_HOME=$work/helm KUBECONFIG=${kube_dir:-$work}/kubeconfig "$helm" "$@" 2>&1; }

as_admin() { "$kubectl_current" --kubeconfig "$kube_dir/kubeconfig" --namespace "$space" "$@" 2>&1; }

cluster_begin() {
  KUBE_ETCD_FLAGS=--unsafe-no-fsync KUBE_CONTROLLERS=yes # a quota without a status admits nothing
  kube_up_temporary 2> "$work/kube.log" || because "$(tail -n 1 "$work/kube.log")"
}

# what the Deployment says: deployed JSONPATH
deployed() { as_admin get deployment "$release-kubekv" -o "jsonpath=$1"; }

# process_begin: kubekv with the Deployment's own arguments and account, on this machine's ports. Where the pod has its account and its own token mounted
# there is a kubeconfig and a file, its certificates come from the chart's Secret, and the name of the Service leads to nowhere here.
process_begin() {
  local token name argument arguments=()
  token=$(as_admin create token "$release-kubekv") || because "$token" || return
  as_admin create token "$release-kubekv" --audience kubekv > "$work/own-token" || return
  for name in tls.crt tls.key ca.crt ca.key; do as_admin get secret "$release-kubekv-tls" -o "jsonpath={.data['${name/./\\.}']}" | base64 -d > "$work/$name" || return; done
  sed "s|@TOKEN@|$token|; s|@URL@|$KUBE_URL|; s|@CA@|$kube_dir/pki/ca.crt|; s|@SPACE@|$space|" > "$work/account" <<'CONFIG'
{"apiVersion": "v1", "kind": "Config", "current-context": "store", "clusters": [{"name": "cluster", "cluster": {"server": "@URL@", "certificate-authority": "@CA@"}}],
 "contexts": [{"name": "store", "context": {"cluster": "cluster", "user": "kubekv", "namespace": "@SPACE@"}}], "users": [{"name": "kubekv", "user": {"token": "@TOKEN@"}}]}
CONFIG
  kube_free_port; etcd=127.0.0.1:$port
  kube_free_port; consul=127.0.0.1:$port
  kube_free_port; grpc=127.0.0.1:$port
  kube_free_port; ops=127.0.0.1:$port
  while IFS= read -r argument; do
    case $argument in
      serve) ;;
      --in-cluster) arguments+=(--kubeconfig "$work/account") ;;
      --etcd-listen=*) arguments+=(--etcd-listen "$etcd") ;;
      --consul-listen=*) arguments+=(--consul-listen "$consul") ;;
      --grpc-listen=*) arguments+=(--grpc-listen "$grpc") ;;
      --ops-listen=*) arguments+=(--ops-listen "$ops") ;;
      --advertise-replica=*) ;;
      *) arguments+=("$(sed "s|/etc/kubekv/tls|$work|; s|/var/run/secrets/kubekv/token|$work/own-token|" <<< "$argument")") ;;
    esac
  done < <(deployed '{range .spec.template.spec.containers[0].args[*]}{@}{"\n"}{end}')
  [ ${#arguments[@]} -gt 10 ] || because "the Deployment has no arguments: ${arguments[*]}" || return
  setpriv --pdeathsig KILL setsid "$repository/kubekv" serve "${arguments[@]}" > "$work/store.log" 2>&1 &
  process=$!
  wait_until 60 process_is_ready_or_gone && process_is_ready || because "$(tail -n 2 "$work/store.log" | tr '\n' ' ')"
}

process_is_ready() { [ "$(curl --noproxy '*' -s -o "$work/readyz" -w '%{http_code}' "http://$ops/readyz")" = 200 ]; }

process_is_ready_or_gone() { process_is_ready || ! kill -0 "$process" 2> /dev/null; }

process_end() {
  local pids
  [ -n "${process:-}" ] || return 0
  pids=$(pgrep -s "$process")
  [ -z "$pids" ] || kill $pids 2> /dev/null
  wait "$process" 2> /dev/null
  process=''
}

# A client's certificate by the chart's authority: client_certificate NAME
client_certificate() {
  kube_openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "/CN=$1" || return
  kube_openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 2 -out "$work/$1.crt" \
    -extfile <(echo extendedKeyUsage=clientAuth)
}

as() { # as NAME ARGUMENTS-OF-CURL...
  local name=$1
  shift
  curl --noproxy '*' -sS --max-time 20 --cacert "$work/ca.crt" --cert "$work/$name.crt" --key "$work/$name.key" -w ' %{http_code}' "$@" 2>&1
}

expect() { [[ $1 == $2 ]] || because "it was answered: $1"; } # expect ANSWER PATTERN
