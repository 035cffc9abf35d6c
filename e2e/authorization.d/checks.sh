# The checks, in order; each says what it found.

REFUSED_BY_ETCD='{"errorCode":110,"message":"The request requires user authentication","cause":"Insufficient credentials","index":0}
 401'

all_checks() {
  check "etcd: a certificate's user has what is granted" etcd_granted
  check "etcd: and nothing else, no range that a grant does not cover, no history" etcd_refused
  check "etcd: a key that is not there is told so, without what is above it" etcd_missing
  check "etcd: a certificate without grants, and no certificate, see nothing" etcd_others
  check "Consul: a service account's token, in the header and in the query" consul_granted
  check "Consul: refused beside its grants, with a token for another audience, with none" consul_refused
  check "gRPC: a token by file, and refusals that say who may not do what" grpc_by_token
  check "a thousand reads of a granted prefix cost no more reviews than one" few_reviews
  check "a grant that is taken away ends an open watch within $ttl s and a half" watch_revoked
  check "and a blocking query, and what comes after" query_revoked
  check "a grant that is given counts in time" grant_given
  check "without the API server nobody is let in by mistake, and a failure is not remembered" outage
}

# expect ANSWER PATTERN: a glob
expect() { [[ $1 == $2 ]] || because "it was answered: $1"; }

etcd_granted() {
  expect "$(as host1 -XPUT "$etcd_url/v2/keys/docker/nodes/a" -d value=1)" '{"action":"set"*"value":"1"*}*201' \
    && expect "$(as host1 "$etcd_url/v2/keys/docker?recursive=true")" '*"/docker/nodes/a"* 200' \
    && expect "$(as host1 -XDELETE "$etcd_url/v2/keys/docker/nodes?recursive=true")" '{"action":"delete"*200' \
    && expect "$(as host1 "$etcd_url/v2/members")" '{"members":*200'
}

etcd_refused() {
  local request
  for request in keys/shop/a 'keys/?recursive=true' 'keys/docke?recursive=true' 'keys/motd?recursive=true' 'keys/motd?wait=true&recursive=true' \
    'keys/?wait=true&recursive=true&waitIndex=1'; do
    expect "$(as host1 "$etcd_url/v2/$request")" "$REFUSED_BY_ETCD" || return
  done
  expect "$(as host1 -XPUT "$etcd_url/v2/keys/motd" -d value=mine)" "$REFUSED_BY_ETCD"
}

etcd_missing() {
  expect "$(as host1 "$etcd_url/v2/keys/motd")" '{"errorCode":100,*"cause":"/motd"*404' \
    && expect "$(as host1 "$etcd_url/v2/keys/docker/none/at/all")" '{"errorCode":100,*"cause":"/docker/none"*404'
}

etcd_others() {
  expect "$(as other "$etcd_url/v2/keys/docker?recursive=true")" "$REFUSED_BY_ETCD" \
    && expect "$(ask "$etcd_url/v2/keys/docker?recursive=true")" "$REFUSED_BY_ETCD" \
    && expect "$(ask "$etcd_url/v2/members")" "$REFUSED_BY_ETCD" \
    && expect "$(ask "$etcd_url/version")" '{"etcdserver":*200'
}

consul_granted() {
  expect "$(ask -XPUT -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop/a" -d apple)" 'true*200' \
    && expect "$(ask "$consul_url/v1/kv/shop/?recurse&token=$web_token")" '*"Key":"shop/a"*200' \
    && expect "$(ask -XPUT -H "X-Consul-Token: $web_token" "$consul_url/v1/session/create")" '{"ID":*200'
}

consul_refused() {
  expect "$(ask -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/docker/?recurse")" 'Permission denied 403' \
    && expect "$(ask -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop?recurse")" 'Permission denied 403' \
    && expect "$(ask -XDELETE -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop/a")" 'Permission denied 403' \
    && expect "$(ask -H "X-Consul-Token: $other_audience" "$consul_url/v1/kv/shop/a")" 'ACL not found 403' \
    && expect "$(ask "$consul_url/v1/kv/shop/a")" 'ACL not found 403'
}

grpc_by_token() {
  echo "$web_token" > "$work/token"
  expect "$(verb get shop/a --token-file "$work/token")" apple \
    && expect "$(verb get docker/a --token-file "$work/token")" \
      "*user \"system:serviceaccount:$namespace:web\" may not get key \"docker/a\" in store $namespace*" \
    && expect "$(verb get shop/a)" '*credentials are needed: a client certificate or a bearer token*'
}

few_reviews() {
  local before after
  as host1 "$etcd_url/v2/keys/docker/1" > /dev/null
  before=$(reviews subjectaccessreviews)
  as host1 "$etcd_url/v2/keys/docker/k[1-1000]" > "$work/thousand" || because "$(tail -n 1 "$work/thousand")" || return
  after=$(reviews subjectaccessreviews)
  note "$((after - before)) reviews"
  # one each of the store and of the prefix, in every $ttl s that it took
  [ $((after - before)) -le 20 ] || because "$((after - before)) reviews"
}

take_away() { as_admin delete clusterrolebinding "$1" > "$work/kube.log" 2>&1; }

give() { as_admin apply -f "$work/grants.yaml" > "$work/kube.log" 2>&1; }

watch_revoked() {
  local watch began
  as host1 -XPUT "$etcd_url/v2/keys/docker/watched" -d value=1 > /dev/null
  as host1 --max-time 60 "$etcd_url/v2/keys/docker/watched?wait=true" > "$work/watch" &
  watch=$!
  sleep 0.5
  kill -0 $watch 2> /dev/null || because "it did not wait: $(cat "$work/watch")" || return
  take_away docker-hosts && began=$(now_ms)
  wait $watch
  note "after $(seconds $(($(now_ms) - began))) s"
  # the API server's own authorizer hears of it a moment later
  [ $(($(now_ms) - began)) -le $((ttl * 1500 + 1000)) ] || because "it was open for $(seconds $(($(now_ms) - began))) s"
}

query_revoked() {
  local index query began
  index=$(curl --noproxy '*' -sS --cacert "$work/ca.crt" -o /dev/null -D - -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop/a" \
    | tr -d '\r' | awk 'tolower($1) == "x-consul-index:" { print $2 }')
  ask --max-time 60 -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop/a?wait=60s&index=$index" > "$work/query" &
  query=$!
  sleep 0.5
  take_away shop && began=$(now_ms)
  wait $query
  note "after $(seconds $(($(now_ms) - began))) s"
  expect "$(cat "$work/query")" 'Permission denied 403' \
    && expect "$(ask -H "X-Consul-Token: $web_token" "$consul_url/v1/kv/shop/a")" 'Permission denied 403' \
    && expect "$(as host1 "$etcd_url/v2/keys/docker/watched")" "$REFUSED_BY_ETCD"
}

grant_given() {
  give && wait_until $((ttl + 2)) has_grant || because "$(as host1 "$etcd_url/v2/keys/docker/watched")"
}

has_grant() { [[ $(as host1 "$etcd_url/v2/keys/docker/watched") == *'"value":"1"'* ]]; }

outage() {
  kube_end "$kube_dir" apiserver KILL || because "the API server did not end" || return
  sleep $((ttl + 1))
  local said
  said=$(as other "$etcd_url/v2/keys/docker/watched")
  [[ $said == *' 500' && $said != *'"value"'* ]] || because "one without a grant was answered: $said" || return
  kube_start_apiserver "$kube_dir" 2> "$work/kube.log" || because "$(tail -n 1 "$work/kube.log")" || return
  wait_until 20 has_grant || because "after it: $(as host1 "$etcd_url/v2/keys/docker/watched")" || return
  expect "$(as other "$etcd_url/v2/keys/docker/watched")" "$REFUSED_BY_ETCD"
}
