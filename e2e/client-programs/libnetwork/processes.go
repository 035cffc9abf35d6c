package main

import (
	"io"
	"net/rpc"
	"os"
	"os/exec"
)

// start runs this program once more, as an engine that is told what to do through its standard input, and waits until it listens:
// libnetwork breaks off when it starts while another makes a subnet.
func start(url, name string) *rpc.Client {
	program, err := os.Executable()
	must(err)
	process := exec.Command(program, url, name)
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	must(err)
	out, err := process.StdoutPipe()
	must(err)
	must(process.Start())
	engine := rpc.NewClient(duplex{out, in})
	check("engine "+name+" starts", one[string](engine, "Name", true), name)
	return engine
}

// serve is the engine's end of it, until the input ends.
func serve(url, name string) {
	server := rpc.NewServer()
	must(server.Register(newEngine(url, name)))
	server.ServeConn(duplex{os.Stdin, os.Stdout})
}

type duplex struct {
	io.Reader
	io.WriteCloser
}

// both has each engine do the same thing with its own arguments, at the same time.
func both[A, R any](engines []*rpc.Client, method string, arguments ...A) []R {
	replies := make([]R, len(engines))
	calls := make([]*rpc.Call, len(engines))
	for i, engine := range engines {
		calls[i] = engine.Go("Engine."+method, arguments[i], &replies[i], nil)
	}
	for _, call := range calls {
		must((<-call.Done).Error)
	}
	return replies
}

// one has one engine do it.
func one[R, A any](engine *rpc.Client, method string, argument A) R {
	return both[A, R]([]*rpc.Client{engine}, method, argument)[0]
}
