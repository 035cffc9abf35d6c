package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"

	"github.com/docker/libkv/store"
	"github.com/docker/libkv/store/consul"
	"github.com/docker/libkv/store/zookeeper"
	"github.com/docker/libnetwork/bitseq"
	"github.com/docker/libnetwork/datastore"
	"github.com/docker/libnetwork/discoverapi"
	"github.com/docker/libnetwork/ipam"
	"github.com/docker/libnetwork/ipamapi"
	"github.com/go-zookeeper/zk"
)

const (
	addressSpace = "GlobalDefault"
	subnetLists  = "ipam/default/config"
	bitmasks     = "ipam/default/data"
)

// Engine does what a Docker engine does with the store. Its methods are called one at a time.
type Engine struct {
	name  string
	store datastore.DataStore
	ipam  *ipam.Allocator
}

// From is addresses of a pool, or how many of them.
type From struct {
	Pool      string
	Addresses []string
	Times     int
}

// Steps is by how many steps a network's count of endpoints goes down, and then up.
type Steps struct {
	Network  string
	Down, Up int
}

func newEngine(url, name string) *Engine {
	store := connect(url)
	allocator, err := ipam.NewAllocator(nil, store)
	must(err)
	return &Engine{name, store, allocator}
}

// connect is what Docker makes of --cluster-store=consul://HOST:PORT/libnetwork, or zk://
func connect(address string) datastore.DataStore {
	consul.Register()
	zk.DefaultLogger = log.New(io.Discard, "", 0)
	zookeeper.Register()
	provider := store.CONSUL
	if onZooKeeper(address) {
		provider = store.ZK
	}
	place, err := url.Parse(address)
	must(err)
	made, err := datastore.NewDataStoreFromConfig(discoverapi.DatastoreConfigData{
		Scope: datastore.GlobalScope, Provider: string(provider), Address: place.Host + "/" + root,
	})
	must(err)
	return made
}

// Name is the engine's own.
func (e *Engine) Name(_ bool, name *string) error {
	*name = e.name
	return nil
}

// Subnets takes so many of the subnets that are there for any network.
func (e *Engine) Subnets(times int, pools *[]string) error {
	for range times {
		pool, _, _, err := e.ipam.RequestPool(addressSpace, "", "", nil, false)
		if err != nil {
			return err
		}
		*pools = append(*pools, pool)
	}
	return nil
}

// Subnet asks for a certain one, or for a range in it, and hands on its name or why it was refused.
func (e *Engine) Subnet(wanted [2]string, answer *string) error {
	pool, _, _, err := e.ipam.RequestPool(addressSpace, wanted[0], wanted[1], nil, false)
	*answer = pool
	if err != nil {
		*answer = err.Error()
	}
	return nil
}

// ReleaseSubnets takes and releases an address of each before, as Docker releases the gateway's: libnetwork deletes the bitmask
// that it knows, and does not try again when somebody changed it since.
func (e *Engine) ReleaseSubnets(pools []string, _ *bool) error {
	for _, pool := range pools {
		gateway, _, err := e.ipam.RequestAddress(pool, nil, nil)
		if err == nil {
			err = e.ipam.ReleaseAddress(pool, gateway.IP)
		}
		if err == nil {
			err = e.ipam.ReleasePool(pool)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Networks makes those that are not there yet.
func (e *Engine) Networks(names []string, made *[]string) error {
	for _, name := range names {
		err := e.store.PutObjectAtomic(&record{kind: networkKind, ID: name, Holder: e.name})
		if err == nil {
			*made = append(*made, name)
		} else if err != datastore.ErrKeyModified {
			return err
		}
	}
	return nil
}

// DeleteNetworks deletes those that are still there, with the index of a read before.
func (e *Engine) DeleteNetworks(names []string, deleted *[]string) error {
	for _, name := range names {
		network := &record{kind: networkKind, ID: name}
		err := e.store.GetObject(datastore.Key(network.Key()...), network)
		if err == nil {
			err = e.store.DeleteObjectAtomic(network)
		}
		if err == nil {
			*deleted = append(*deleted, name)
		} else if err != datastore.ErrKeyNotFound {
			return err
		}
	}
	return nil
}

// ListNetworks is who made which.
func (e *Engine) ListNetworks(_ bool, made *map[string]string) error {
	*made = map[string]string{}
	networks, err := e.store.List(datastore.Key(networkKind), &record{kind: networkKind})
	for _, network := range networks {
		(*made)[network.(*record).ID] = network.(*record).Holder
	}
	return err
}

// Addresses takes any, until it has so many or there are no more.
func (e *Engine) Addresses(from From, given *[]string) error {
	for range from.Times {
		address, _, err := e.ipam.RequestAddress(from.Pool, nil, nil)
		if err == ipamapi.ErrNoAvailableIPs {
			return nil
		}
		if err != nil {
			return err
		}
		*given = append(*given, address.IP.String())
	}
	return nil
}

// TheseAddresses takes those that nobody has.
func (e *Engine) TheseAddresses(wanted From, given *[]string) error {
	for _, address := range wanted.Addresses {
		_, _, err := e.ipam.RequestAddress(wanted.Pool, net.ParseIP(address), nil)
		if err == nil {
			*given = append(*given, address)
		} else if err != ipamapi.ErrIPAlreadyAllocated {
			return err
		}
	}
	return nil
}

func (e *Engine) ReleaseAddresses(held From, _ *bool) error {
	for _, address := range held.Addresses {
		if err := e.ipam.ReleaseAddress(held.Pool, net.ParseIP(address)); err != nil {
			return err
		}
	}
	return nil
}

// ComeAndGo takes and releases addresses; while it has one there is an endpoint of that name, which nobody else may have. It hands on the addresses that somebody had.
func (e *Engine) ComeAndGo(from From, twice *[]string) error {
	for range from.Times {
		address, _, err := e.ipam.RequestAddress(from.Pool, nil, nil)
		if err != nil {
			return err
		}
		endpoint := &record{kind: endpointKind, ID: address.IP.String(), Holder: e.name}
		err = e.store.PutObjectAtomic(endpoint)
		if err == datastore.ErrKeyModified {
			*twice = append(*twice, endpoint.ID)
			continue
		}
		if err != nil {
			return err
		}
		if err := e.store.DeleteObjectAtomic(endpoint); err != nil {
			return err
		}
		if err := e.ipam.ReleaseAddress(from.Pool, address.IP); err != nil {
			return err
		}
	}
	return nil
}

// Count takes the steps one by one, and hands on how often the other engine was faster. Each begins with a read, as Docker's do:
// the index that libkv hands on after a put may be that of somebody's next put.
func (e *Engine) Count(steps Steps, lost *int) error {
	for i := range steps.Down + steps.Up {
		step := 1
		if i < steps.Down {
			step = -1
		}
		for {
			count := &record{kind: endpointCountKind, ID: steps.Network}
			if err := e.store.GetObject(datastore.Key(count.Key()...), count); err != nil {
				return err
			}
			count.Count += step
			err := e.store.PutObjectAtomic(count)
			if err == nil {
				break
			}
			if err != datastore.ErrKeyModified {
				return err
			}
			*lost++
		}
	}
	return nil
}

func (e *Engine) EndpointCount(network string, found *int) error {
	count := &record{kind: endpointCountKind, ID: network}
	err := e.store.GetObject(datastore.Key(count.Key()...), count)
	*found = count.Count
	return err
}

// Pools is what is given, and how often.
func (e *Engine) Pools(_ bool, given *map[string]int) error {
	pair, err := e.store.KVStore().Get(datastore.Key(subnetLists, addressSpace))
	if err != nil {
		return err
	}
	var config struct{ Subnets map[string]*ipam.PoolData }
	if err := json.Unmarshal(pair.Value, &config); err != nil {
		return err
	}
	*given = map[string]int{}
	for name, pool := range config.Subnets {
		(*given)[name] = pool.RefCount
	}
	return nil
}

// Marked is the addresses of a pool that its bitmask has as given, without the network's own and the broadcast address.
func (e *Engine) Marked(pool string, marked *[]string) error {
	var key ipam.SubnetKey
	if err := key.FromString(pool); err != nil {
		return err
	}
	_, subnet, err := net.ParseCIDR(key.Subnet)
	if err != nil {
		return err
	}
	ones, bits := subnet.Mask.Size()
	size := uint64(1) << (bits - ones)
	mask, err := bitseq.NewHandle(bitmasks, e.store, pool, size)
	if err != nil {
		return err
	}
	for i := uint64(1); i < size-1; i++ {
		if mask.IsSet(i) {
			*marked = append(*marked, nth(subnet, i))
		}
	}
	if free := size - 2 - uint64(len(*marked)); mask.Unselected() != free {
		return fmt.Errorf("the bitmask of %s counts %d free addresses and has %d", pool, mask.Unselected(), free)
	}
	return nil
}

func nth(subnet *net.IPNet, i uint64) string {
	address := subnet.IP.To4()
	return net.IPv4(address[0], address[1], address[2]+byte(i>>8), address[3]+byte(i)).String()
}
