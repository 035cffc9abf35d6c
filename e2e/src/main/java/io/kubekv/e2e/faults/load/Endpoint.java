package io.kubekv.e2e.faults.load;

import java.net.InetSocketAddress;

/**
 * Where clients reach one replica.
 *
 * @param name of the replica
 */
public record Endpoint(
    String name,
    InetSocketAddress etcd,
    InetSocketAddress consul,
    InetSocketAddress grpc,
    InetSocketAddress zookeeper) {}
