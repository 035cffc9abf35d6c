/** The Consul door: parses Consul's HTTP API, calls the port, renders Consul's answers. */
@NullMarked
package io.kubekv.consul;

import org.jspecify.annotations.NullMarked;
