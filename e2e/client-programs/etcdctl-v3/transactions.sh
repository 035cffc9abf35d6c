# Sourced: txn, with comparisons and operations as a script of it has them.

# transact TEXT: comparisons, what is done then and otherwise, with an empty line after each
transact() { ctl txn <<<"$1"; }

transactions() {
  local created
  ctl put ctl/t one >/dev/null
  check 'txn that succeeds' $'SUCCESS\n\nOK\n\nctl/t\ntwo' transact $'value("ctl/t") = "one"\n\nput ctl/t two\nget ctl/t\n\nget ctl/none\n\n'
  check 'txn that fails' $'FAILURE\n\nctl/t\ntwo' transact $'value("ctl/t") = "one"\n\nput ctl/t three\n\nget ctl/t\n\n'
  check 'txn on the version' $'SUCCESS\n\nOK' transact $'version("ctl/t") = "2"\nversion("ctl/none") = "0"\n\nput ctl/t three\n\n\n'
  created=$(field ctl/t create_revision)
  check 'txn on revisions' $'SUCCESS\n\nOK' \
    transact "create(\"ctl/t\") = \"$created\""$'\n'"mod(\"ctl/t\") > \"$created\""$'\nmod("ctl/t") < "100000"\n\nput ctl/t four\n\n\n'
  check 'txn on a value that is less' $'SUCCESS\n\nOK' transact $'value("ctl/t") < "g"\nvalue("ctl/t") > "a"\n\nput ctl/t five\n\n\n'
  check 'txn on the value of a missing key' $'FAILURE\n\nOK' transact $'value("ctl/none") = ""\n\n\nput ctl/t six\n\n'
  check 'txn on the lease' $'SUCCESS\n\nctl/t\nsix' transact $'lease("ctl/t") = "0"\n\nget ctl/t\n\n\n'
  check 'txn without comparisons' $'SUCCESS\n\n1\n\nOK' transact $'\ndel ctl/t\nput ctl/t2 x\n\n\n'
  check 'txn of the same key twice' "$(refused 'etcdserver: duplicate key given in txn request')" transact $'\nput ctl/t 1\nput ctl/t 2\n\n\n'
  check 'txn of a put in what it deletes' "$(refused 'etcdserver: duplicate key given in txn request')" transact $'\ndel --prefix ctl/t\nput ctl/t2 2\n\n\n'
  check 'txn writes all at one revision' 'same' \
    eval 'transact $'"'\nput ctl/t/1 x\nput ctl/t/2 x\n\n\n'"' >/dev/null; [ $(field ctl/t/1 mod_revision) = $(field ctl/t/2 mod_revision) ] && echo same'
  check 'txn that deletes a range' $'SUCCESS\n\n2' transact $'\ndel --prefix ctl/t/\n\n\n'
  check 'txn of 129 operations' "$(refused 'etcdserver: too many operations in txn request')" transact $'\n'"$(for i in $(seq 129); do echo "put ctl/t/$i x"; done)"$'\n\n\n'
  check 'txn of 128 operations' 129 eval 'transact $'"'\n'"'"$(for i in $(seq 128); do echo "put ctl/t/$i x"; done)"$'"'\n\n\n'"' | grep -cE "OK|SUCCESS"'
  check 'del of what it put' 128 ctl del --prefix ctl/t/
}
