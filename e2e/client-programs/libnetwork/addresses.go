package main

import (
	"fmt"
	"maps"
	"net/netip"
	"net/rpc"
	"slices"
	"strings"

	"github.com/docker/libnetwork/ipamapi"
)

const (
	many   = addressSpace + "/172.30.0.0/23"
	few    = addressSpace + "/172.30.2.0/26"
	chosen = addressSpace + "/172.30.3.0/24"
	busy   = addressSpace + "/172.30.4.0/29"
	halved = addressSpace + "/172.30.8.0/24"
	low    = "172.30.8.0/25"
	high   = "172.30.8.128/25"

	subnetsEach   = 20
	addressesEach = 200
	allOfFew      = 62
	chosenOnes    = 60
	ofEachHalf    = 50
	roundsEach    = 100
)

// takeSubnets hands on all that are given, and how often.
func takeSubnets(engines []*rpc.Client) map[string]int {
	pools := slices.Concat(both[int, []string](engines, "Subnets", subnetsEach, subnetsEach)...)
	check("subnets for any network", len(pools), 2*subnetsEach)
	check("subnets that are given twice", twice(pools), 0)
	for _, pool := range []string{many, few, chosen, busy} {
		answers := askFor(engines, pool, "", "")
		slices.Sort(answers)
		check("one of two has "+pool, answers, []string{pool, ipamapi.ErrPoolOverlap.Error()})
		pools = append(pools, pool)
	}
	halves := []string{halved + "/" + low, halved + "/" + high}
	check("each has its half of "+halved, askFor(engines, halved, low, high), halves)
	given := map[string]int{halved: 2}
	for _, pool := range append(pools, halves...) {
		given[pool] = 1
	}
	return given
}

func askFor(engines []*rpc.Client, pool, low, high string) []string {
	subnet := strings.TrimPrefix(pool, addressSpace+"/")
	return both[[2]string, string](engines, "Subnet", [2]string{subnet, low}, [2]string{subnet, high})
}

// takeAddresses hands on who holds which of which pool.
func takeAddresses(engines []*rpc.Client) map[string][][]string {
	wanted := From{Pool: many, Times: addressesEach}
	ofMany := both[From, []string](engines, "Addresses", wanted, wanted)
	check("addresses", []int{len(ofMany[0]), len(ofMany[1])}, []int{addressesEach, addressesEach})
	check("addresses that are given twice", twice(slices.Concat(ofMany...)), 0)

	wanted = From{Pool: few, Times: allOfFew + 1}
	ofFew := both[From, []string](engines, "Addresses", wanted, wanted)
	check("all addresses of a small subnet", len(slices.Concat(ofFew...)), allOfFew)
	check("addresses of a small subnet that are given twice", twice(slices.Concat(ofFew...)), 0)

	wanted = From{Pool: chosen}
	for i := range chosenOnes {
		wanted.Addresses = append(wanted.Addresses, fmt.Sprintf("172.30.3.%d", 10+i))
	}
	ofChosen := both[From, []string](engines, "TheseAddresses", wanted, wanted)
	check("each chosen address has one holder", sorted(slices.Concat(ofChosen...)), wanted.Addresses)

	halves := []string{halved + "/" + low, halved + "/" + high}
	ofHalves := both[From, []string](engines, "Addresses", From{Pool: halves[0], Times: ofEachHalf}, From{Pool: halves[1], Times: ofEachHalf})
	check("addresses of each half", []int{within(low, ofHalves[0]), within(high, ofHalves[1])}, []int{ofEachHalf, ofEachHalf})
	check("addresses of the halves that are given twice", twice(slices.Concat(ofHalves...)), 0)
	return map[string][][]string{many: ofMany, few: ofFew, chosen: ofChosen, halved: ofHalves}
}

func comeAndGo(engines []*rpc.Client) {
	rounds := From{Pool: busy, Times: roundsEach}
	taken := both[From, []string](engines, "ComeAndGo", rounds, rounds)
	check("addresses that come and go are given to two", slices.Concat(taken...), []string{})
	check("addresses that came and went are free", one[[]string](engines[0], "Marked", busy), []string{})
}

// sees is what a process sees that comes when all is given.
func sees(later *rpc.Client, subnets map[string]int, held map[string][][]string, networks map[string]string) {
	check("a third process sees the subnets", one[map[string]int](later, "Pools", true), subnets)
	for _, pool := range slices.Sorted(maps.Keys(held)) {
		given := sorted(slices.Concat(held[pool]...))
		check("a third process sees the addresses of "+pool, sorted(one[[]string](later, "Marked", pool)), given)
	}
	check("a third process finds no address in the small subnet", one[[]string](later, "Addresses", From{Pool: few, Times: 1}), []string{})
	taken := From{Pool: many, Addresses: slices.Concat(held[many]...)}
	check("a third process gets none that is given", one[[]string](later, "TheseAddresses", taken), []string{})
	check("a third process sees the networks", one[map[string]string](later, "ListNetworks", true), networks)
	check("a third process sees the endpoint count", one[int](later, "EndpointCount", counted), countsAfter)
}

// releaseAddresses has each engine release what the other holds.
func releaseAddresses(engines []*rpc.Client, later *rpc.Client, held map[string][][]string) {
	for _, pool := range slices.Sorted(maps.Keys(held)) {
		of := held[pool]
		both[From, bool](engines, "ReleaseAddresses", From{Pool: pool, Addresses: of[1]}, From{Pool: pool, Addresses: of[0]})
		check("all addresses are free again in "+pool, one[[]string](later, "Marked", pool), []string{})
	}
	// not by the third: who found a subnet full believes it until it releases an address itself
	again := one[[]string](engines[0], "Addresses", From{Pool: few, Times: allOfFew + 1})
	check("all addresses of the small subnet, to one", []int{len(again), twice(again)}, []int{allOfFew, 0})
	one[bool](engines[0], "ReleaseAddresses", From{Pool: few, Addresses: again})
}

func releaseSubnets(engines []*rpc.Client, later *rpc.Client, given map[string]int) {
	names := slices.Sorted(maps.Keys(given))
	// it goes with its halves
	names = slices.DeleteFunc(names, func(name string) bool { return name == halved })
	middle := len(names) / 2
	both[[]string, bool](engines, "ReleaseSubnets", names[:middle], names[middle:])
	check("all subnets are free again", one[map[string]int](later, "Pools", true), map[string]int{})
}

func sorted(values []string) []string { return slices.Sorted(slices.Values(values)) }

func twice(values []string) int { return len(values) - len(slices.Compact(sorted(values))) }

// within is how many of the addresses a range has.
func within(subnet string, addresses []string) int {
	inside := 0
	for _, address := range addresses {
		if netip.MustParsePrefix(subnet).Contains(netip.MustParseAddr(address)) {
			inside++
		}
	}
	return inside
}
