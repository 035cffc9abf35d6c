package main

import (
	"fmt"

	"github.com/docker/libkv/store"
	"github.com/go-zookeeper/zk"
)

func values(s store.Store) {
	k := root + "/k"
	check("get of a missing key", value(s, k), store.ErrKeyNotFound)
	check("exists of a missing key", fmt.Sprint(s.Exists(k)), "false <nil>")
	check("delete of a missing key", s.Delete(k), store.ErrKeyNotFound)
	check("put", s.Put(k, []byte("one"), nil), nil)
	check("get", value(s, k), "one")
	check("exists", fmt.Sprint(s.Exists(k)), "true <nil>")
	first, err := s.Get(k)
	must(err)
	// the node is made empty, and then has its value
	check("the index is the version", first.LastIndex, 1)
	check("put again", s.Put(k, []byte("two"), nil), nil)
	check("get again", value(s, k), "two")
	odd := "a b\n+&=ü€%41<>\x02\xff"
	check("put of an odd value", s.Put(k, []byte(odd), nil), nil)
	check("get of an odd value", value(s, k), odd)
	check("put of nothing", s.Put(k, nil, nil), nil)
	check("get of nothing", value(s, k), "")
	check("delete", s.Delete(k), nil)
	check("get after the delete", value(s, k), store.ErrKeyNotFound)
	for _, name := range []string{"10.0.0.1:2376", "a b", "k+=&1", "é", "100%"} {
		check("put of the key "+name, s.Put(root+"/odd/"+name, []byte(name), nil), nil)
		check("get of the key "+name, value(s, root+"/odd/"+name), name)
		must(s.Delete(root + "/odd/" + name))
	}
	check("a directory has a value", value(s, root+"/odd"), "")
	check("delete of a directory", s.Delete(root+"/odd"), nil)
}

func conditions(s store.Store) {
	k := root + "/c"
	done, made, err := s.AtomicPut(k, []byte("one"), nil, nil)
	check("atomic put of a new key", fmt.Sprint(done, err), "true <nil>")
	must(err)
	check("its index", made.LastIndex, 0)
	done, _, err = s.AtomicPut(k, []byte("x"), nil, nil)
	check("atomic put of an existing key as new", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyExists))
	done, next, err := s.AtomicPut(k, []byte("two"), made, nil)
	check("atomic put with the pair before", fmt.Sprint(done, err), "true <nil>")
	must(err)
	check("the index of the second", next.LastIndex, 1)
	done, _, err = s.AtomicPut(k, []byte("x"), made, nil)
	check("atomic put with an old pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyModified))
	check("nothing was put", value(s, k), "two")
	done, err = s.AtomicDelete(k, nil)
	check("atomic delete without a pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrPreviousNotSpecified))
	done, err = s.AtomicDelete(k, made)
	check("atomic delete with an old pair", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyModified))
	done, err = s.AtomicDelete(k, next)
	check("atomic delete", fmt.Sprint(done, err), "true <nil>")
	done, err = s.AtomicDelete(k, next)
	check("atomic delete of a missing key", fmt.Sprint(done, err), fmt.Sprint(false, store.ErrKeyNotFound))
	done, _, err = s.AtomicPut(k, []byte("x"), next, nil)
	check("atomic put of a missing key", fmt.Sprint(done, err), fmt.Sprint(false, zk.ErrNoNode))
	done, _, err = s.AtomicPut(root+"/new/deep/c", []byte("deep"), nil, nil)
	check("atomic put below a new directory", fmt.Sprint(done, err), "true <nil>")
	check("it is there", value(s, root+"/new/deep/c"), "deep")
}

func trees(s store.Store) {
	dir := root + "/dir"
	check("list of a missing directory", list(s, dir), store.ErrKeyNotFound)
	check("delete of a missing tree", s.DeleteTree(dir), store.ErrKeyNotFound)
	for _, name := range []string{"a", "b", "c"} {
		must(s.Put(dir+"/"+name, []byte(name+name), nil))
	}
	must(s.Put(dir+"x", []byte("beside"), nil))
	check("list", list(s, dir), "a=aa b=bb c=cc")
	check("list with a slash", list(s, dir+"/"), "a=aa b=bb c=cc")
	must(s.Put(dir+"/a/deep", []byte("deep"), nil))
	check("delete of a tree that is deep", s.DeleteTree(dir), zk.ErrNotEmpty)
	check("nothing of it was deleted", list(s, dir), "a=aa b=bb c=cc")
	must(s.Delete(dir + "/a/deep"))
	check("delete of a tree", s.DeleteTree(dir), nil)
	check("its directory is left", list(s, dir), "")
	check("the key beside it", value(s, dir+"x"), "beside")
}
