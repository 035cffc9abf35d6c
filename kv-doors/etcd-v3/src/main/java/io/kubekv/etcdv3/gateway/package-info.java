/** The services as JSON over HTTP, as etcd's own gateway shows them. */
@NullMarked
package io.kubekv.etcdv3.gateway;

import org.jspecify.annotations.NullMarked;
