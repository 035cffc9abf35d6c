/** fabric8's transport to the API server in this process: no sockets. */
@org.jspecify.annotations.NullMarked
package io.kubekv.loopback;
