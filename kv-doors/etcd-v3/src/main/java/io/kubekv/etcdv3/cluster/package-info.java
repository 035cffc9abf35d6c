/** What is told of the server: members, status, hashes, users. */
@NullMarked
package io.kubekv.etcdv3.cluster;

import org.jspecify.annotations.NullMarked;
