# Sourced: user, role, auth. kubekv keeps no users: who may do what is Kubernetes' RBAC.

ELSEWHERE="rpc error: code = FailedPrecondition desc = kubekv: users and what they may do are Kubernetes' RBAC (kubekv's docs/access.md)"

# of_rbac NAME EXPECTED COMMAND...
of_rbac() {
  local name=$1 expected=$2
  shift 2
  differ "$name" "$expected" "$(refused "$ELSEWHERE")" "users and grants are Kubernetes' RBAC" "$@"
}

users() {
  check 'auth status' 'Authentication Status: false' eval 'ctl auth status | grep -v AuthRevision'
  of_rbac 'user add' 'User root created' ctl user add root:secret
  of_rbac 'user add again' "$(refused 'etcdserver: user name already exists')" ctl user add root:secret
  of_rbac 'user passwd' 'Password updated' eval 'echo new | ctl user passwd root --interactive=false'
  of_rbac 'user list' root ctl user list
  of_rbac 'role add' 'Role reader created' ctl role add reader
  of_rbac 'role grant-permission' 'Role reader updated' ctl role grant-permission reader readwrite ctl/ --prefix
  of_rbac 'role get' $'Role reader\nKV Read:\n\t[ctl/, ctl0) (prefix ctl/)\nKV Write:\n\t[ctl/, ctl0) (prefix ctl/)' ctl role get reader
  of_rbac 'role list' reader ctl role list
  of_rbac 'user grant-role' 'Role reader is granted to user root' ctl user grant-role root reader
  of_rbac 'user get' $'User: root\nRoles: reader' ctl user get root
  of_rbac 'auth enable' 'Authentication Enabled' ctl auth enable
  differ 'a call without a user' "$(refused 'etcdserver: user name is empty')" '' 'access is not by password here' eval 'ctl get ctl/none'
  of_rbac 'auth disable' 'Authentication Disabled' ctl --user root:new auth disable
  of_rbac 'role revoke-permission' 'Permission of range [ctl/, ctl0) is revoked from role reader' ctl role revoke-permission reader ctl/ --prefix
  of_rbac 'user revoke-role' 'Role reader is revoked from user root' ctl user revoke-role root reader
  of_rbac 'role delete' 'Role reader deleted' ctl role delete reader
  of_rbac 'user delete' 'User root deleted' ctl user delete root
}
