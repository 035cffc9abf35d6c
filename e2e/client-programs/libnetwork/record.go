package main

import (
	"encoding/json"

	"github.com/docker/libnetwork/datastore"
)

const (
	networkKind       = "network"
	endpointKind      = "endpoint"
	endpointCountKind = "endpoint_count"
)

// record is an object of the datastore, below the keys that Docker uses for its own. Not for use from several goroutines.
type record struct {
	ID     string
	Holder string
	Count  int

	kind   string
	index  uint64
	exists bool
}

func (r *record) Key() []string { return []string{r.kind, r.ID} }

func (r *record) KeyPrefix() []string { return []string{r.kind} }

func (r *record) Value() []byte {
	value, err := json.Marshal(r)
	must(err)
	return value
}

func (r *record) SetValue(value []byte) error { return json.Unmarshal(value, r) }

func (r *record) Index() uint64 { return r.index }

func (r *record) SetIndex(index uint64) { r.index, r.exists = index, true }

func (r *record) Exists() bool { return r.exists }

func (r *record) DataScope() string { return datastore.GlobalScope }

func (r *record) Skip() bool { return false }

func (r *record) New() datastore.KVObject { return &record{kind: r.kind} }

func (r *record) CopyTo(other datastore.KVObject) error {
	*other.(*record) = *r
	return nil
}
