package io.kubekv.embedded;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/** Puts the parts that answer requests together over one store. */
final class Routes {
  private final ObjectStore store;
  private final ServedTypes types;
  private final Clocks clocks;
  private final WriteRequests writes;
  private final WatchRequests watches;
  private final Faults faults;
  private final HttpRequests http;
  private final Loopback loopback;

  private Routes(
      ObjectStore store, Context context, Clocks clocks, String token, Duration bookmarkEvery) {
    this.store = store;
    this.clocks = clocks;
    types = new ServedTypes(store);
    writes = new WriteRequests(store, types, clocks);
    ReadRequests reads = new ReadRequests(store, writes, context);
    faults = new Faults(controls());
    watches = new WatchRequests(context, store, reads, faults, bookmarkEvery);
    ApiHandler api = new ApiHandler(context, token, faults, types, reads, writes, watches, clocks);
    http = new HttpRequests(context, api);
    loopback = new Loopback(context, api);
  }

  static Routes over(
      ObjectStore store, Context context, Clocks clocks, String token, Duration bookmarkEvery) {
    return new Routes(store, context, clocks, token, bookmarkEvery);
  }

  HttpRequests http() {
    return http;
  }

  Loopback loopback() {
    return loopback;
  }

  Faults faults() {
    return faults;
  }

  void closeWatches() {
    watches.closeAll();
  }

  private Faults.Controls controls() {
    return new Faults.Controls() {
      @Override
      public void closeWatches() {
        watches.closeAll();
      }

      @Override
      public void compactNow() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        store.compactNow(() -> done.complete(null));
        done.join();
      }
    };
  }

  /** Makes the namespace {@code default} if it is missing and resumes interrupted deletions. */
  CompletableFuture<Void> ready() {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    ServedType namespaces = types.namespaces();
    ObjectNode object = ObjectJson.MAPPER.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "Namespace");
    object.putObject("metadata").put("name", "default");
    ObjectMetadata.prepare(namespaces, object, clocks);
    WriteRequests.completeNamespace(object, "default");
    byte[] template = ObjectJson.template(object);
    store.submit(
        namespaces.table(),
        ObjectTable.key("", "default"),
        current ->
            current == null ? new Edit.Decision.Put(template) : new Edit.Decision.Keep(current),
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            writes.contents().resume();
            ready.complete(null);
          }

          @Override
          public void refused(ApiException why) {
            ready.complete(null);
          }
        });
    return ready;
  }
}
