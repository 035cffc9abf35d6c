package main

import (
	"errors"
	"fmt"
	"strings"

	client "github.com/coreos/etcd/client"
	"github.com/docker/libkv/store"
)

func values(s store.Store) {
	k := root + "/k"
	check("get of a missing key", value(s, k), store.ErrKeyNotFound)
	check("exists of a missing key", fmt.Sprint(s.Exists(k)), "false <nil>")
	check("delete of a missing key", s.Delete(k), store.ErrKeyNotFound)
	check("put", s.Put(k, []byte("one"), nil), nil)
	check("get", value(s, k), "one")
	check("exists", fmt.Sprint(s.Exists(k)), "true <nil>")
	first := index(s, k)
	check("put again", s.Put(k, []byte("two"), nil), nil)
	check("get again", value(s, k), "two")
	check("the index grows", index(s, k) > first && first > 0, true)
	second := index(s, k)
	check("put of the same value", s.Put(k, []byte("two"), nil), nil)
	check("the index grows with the same value", index(s, k) > second, true)
	odd := "a b\n+&=ü€%41<>\x01"
	check("put of an odd value", s.Put(k, []byte(odd), nil), nil)
	check("get of an odd value", value(s, k), odd)
	check("put of nothing", s.Put(k, nil, nil), nil)
	check("get of nothing", value(s, k), "")
	check("delete", s.Delete(k), nil)
	check("get after the delete", value(s, k), store.ErrKeyNotFound)
	if onConsul() {
		bytes := make([]byte, 256)
		for i := range bytes {
			bytes[i] = byte(i)
		}
		check("put of every byte", s.Put(k, bytes, nil), nil)
		check("get of every byte", value(s, k), string(bytes))
	}
	for _, name := range []string{"10.0.0.1:2376", "a b", "k+=&1", "é", "100%", "p%2Fq"} {
		check("put of the key "+name, s.Put(root+"/odd/"+name, []byte(name), nil), nil)
		check("get of the key "+name, value(s, root+"/odd/"+name), name)
	}
}

func conditions(s store.Store) {
	k := root + "/c"
	done, made, err := s.AtomicPut(k, []byte("one"), nil, nil)
	check("atomic put of a new key", fmt.Sprint(done, err), "true <nil>")
	must(err)
	check("its index", made.LastIndex, index(s, k))
	done, _, err = s.AtomicPut(k, []byte("x"), nil, nil)
	check("atomic put of an existing key as new", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyExists))
	done, next, err := s.AtomicPut(k, []byte("two"), made, nil)
	check("atomic put with the pair before", fmt.Sprint(done, err), "true <nil>")
	must(err)
	check("the index of the second", next.LastIndex > made.LastIndex && next.LastIndex == index(s, k), true)
	done, _, err = s.AtomicPut(k, []byte("x"), made, nil)
	check("atomic put with an old pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyModified))
	check("nothing was put", value(s, k), "two")
	done, err = s.AtomicDelete(k, nil)
	check("atomic delete without a pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrPreviousNotSpecified))
	done, err = s.AtomicDelete(k, made)
	check("atomic delete with an old pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyModified))
	check("nothing was deleted", value(s, k), "two")
	done, err = s.AtomicDelete(k, next)
	check("atomic delete", fmt.Sprint(done, err), "true <nil>")
	done, err = s.AtomicDelete(k, next)
	check("atomic delete of a missing key", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyNotFound))
	done, _, err = s.AtomicPut(k, []byte("x"), next, nil)
	check("atomic put of a missing key", fmt.Sprint(done, missing(err)), "false true")
	done, _, err = s.AtomicPut(root+"/new/deep/c", []byte("deep"), nil, nil)
	check("atomic put below a new directory", fmt.Sprint(done, err), "true <nil>")
}

// libkv hands etcd's own error on, and takes Consul's for a modified key.
func missing(err error) bool {
	var own client.Error
	if errors.As(err, &own) {
		return own.Code == client.ErrorCodeKeyNotFound
	}
	return err == store.ErrKeyModified
}

func trees(s store.Store) {
	dir := root + "/dir"
	check("list of a missing directory", list(s, dir), store.ErrKeyNotFound)
	check("delete of a missing tree", s.DeleteTree(dir), store.ErrKeyNotFound)
	for _, name := range []string{"a", "b", "c"} {
		must(s.Put(dir+"/"+name, []byte(strings.ToUpper(name)), nil))
	}
	must(s.Put(dir+"x", []byte("beside"), nil))
	all := "libkv/dir/a=A libkv/dir/b=B libkv/dir/c=C "
	check("list with a slash", list(s, dir+"/"), all)
	beside := all
	if onConsul() {
		// a directory is a prefix there
		beside += "libkv/dirx=beside "
	}
	check("list", list(s, dir), beside)
	check("delete of a tree", s.DeleteTree(dir), nil)
	check("list after the delete", list(s, dir), store.ErrKeyNotFound)
	kept := "beside"
	if onConsul() {
		kept = store.ErrKeyNotFound.Error()
	}
	check("the key beside the tree", value(s, dir+"x"), kept)
	check("put of a directory", s.Put(dir+"/", nil, &store.WriteOptions{IsDir: true}), nil)
	check("get of a directory", value(s, dir+"/"), "")
}
