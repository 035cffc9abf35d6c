package io.kubekv.e2e.faults.nemesis;

import java.net.URI;
import java.net.http.HttpClient;

/**
 * Where an API server is, and who one is there.
 *
 * @param base without a slash at the end
 * @param token the bearer token
 * @param client that trusts it; HTTP/1.1
 */
record Upstream(URI base, String token, HttpClient client) {}
