package io.kubekv.embedded;

import io.vertx.core.Context;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * GET of one object, of a list, and DELETE of a collection. A list that is large or must look into
 * objects is made on a virtual thread, so that the event loop stays free.
 */
final class ReadRequests {
  private static final int INLINE_KEYS = 512;

  private final ObjectStore store;
  private final WriteRequests writes;
  private final Context context;

  ReadRequests(ObjectStore store, WriteRequests writes, Context context) {
    this.store = store;
    this.writes = writes;
    this.context = context;
  }

  void get(ApiRequest request, Answer answer) {
    ListOptions.snapshot(ListOptions.resourceVersion(request), false, store);
    Version version = store.read(request.served().table(), request.key());
    if (version == null) {
      throw Statuses.notFound(request.type(), request.name());
    }
    Rendering.of(request).object(answer, 200, version);
  }

  /**
   * A part of a snapshot.
   *
   * @param keys keys of the objects
   * @param versions the objects, in the order of the keys
   * @param next the key where the next page begins; empty when there is none
   * @param remaining how many objects come after this page; negative if nobody has counted
   */
  record Page(
      long revision, List<String> keys, List<Version> versions, String next, long remaining) {}

  void list(ApiRequest request, Answer answer) {
    ListOptions options = ListOptions.of(request, store);
    ObjectFilter filter = ObjectFilter.of(request);
    if (options.limit() == 0 && request.served().table().hasMoreThan(INLINE_KEYS)) {
      Threads.virtual("kubekv-list", () -> listElsewhere(request, options, filter, answer));
    } else {
      Page page = collect(request.served().table(), options, filter);
      send(request, options, page, answer);
    }
  }

  private void listElsewhere(
      ApiRequest request, ListOptions options, ObjectFilter filter, Answer answer) {
    try {
      byte[] body = render(request, options, collect(request.served().table(), options, filter));
      context.runOnContext(v -> answer.json(200, body));
    } catch (ApiException e) {
      context.runOnContext(v -> answer.refuse(e));
    } catch (RuntimeException e) {
      context.runOnContext(v -> answer.refuse(Statuses.internalError(e.toString())));
      throw e;
    }
  }

  private void send(ApiRequest request, ListOptions options, Page page, Answer answer) {
    answer.json(200, render(request, options, page));
  }

  /** Reads one page; 410 when the snapshot was compacted away meanwhile. */
  Page collect(ObjectTable table, ListOptions options, ObjectFilter filter) {
    List<String> keys = new ArrayList<>();
    List<Version> versions = new ArrayList<>();
    String next = "";
    long remaining = 0;
    for (Map.Entry<String, Version> entry :
        table.range(filter.prefix(), options.from()).entrySet()) {
      Version version = Version.at(entry.getValue(), options.revision());
      boolean full = options.limit() > 0 && versions.size() >= options.limit();
      if (!filter.matches(entry.getKey(), version)) {
        continue;
      }
      if (!full && version != null) {
        keys.add(entry.getKey());
        versions.add(version);
      } else {
        next = next.isEmpty() ? entry.getKey() : next;
        remaining++;
        if (filter.selective()) {
          break;
        }
      }
    }
    if (options.revision() < store.floor()) {
      throw Statuses.expired(Statuses.CONTINUE_EXPIRED);
    }
    return new Page(options.revision(), keys, versions, next, filter.selective() ? -1 : remaining);
  }

  private static byte[] render(ApiRequest request, ListOptions options, Page page) {
    ObjectNode metadata = ObjectJson.MAPPER.createObjectNode();
    metadata.put("resourceVersion", Long.toUnsignedString(page.revision()));
    if (!page.next().isEmpty()) {
      metadata.put("continue", options.token(page.next()));
      if (page.remaining() > 0) {
        metadata.put("remainingItemCount", page.remaining());
      }
    }
    Rendering rendering = Rendering.of(request);
    return rendering.plain()
        ? plain(request.served(), metadata, page)
        : rendering.list(page.versions(), metadata);
  }

  private static byte[] plain(ServedType served, ObjectNode metadata, Page page) {
    if (served.rules() == ServedType.Rules.CUSTOM_RESOURCE && page.next().isEmpty()) {
      metadata.put(
          "continue", ""); // kube-apiserver leaves it out of the built-in types' lists only
    }
    ResourceType type = served.type();
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes(page));
    ObjectNode head = ObjectJson.MAPPER.createObjectNode();
    head.put("apiVersion", type.apiVersion()).put("kind", type.listKind());
    head.set("metadata", metadata);
    byte[] opening = ObjectJson.MAPPER.writeValueAsBytes(head);
    out.write(opening, 0, opening.length - 1);
    out.writeBytes(ITEMS);
    boolean first = true;
    for (Version version : page.versions()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(version.json());
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  private static int bytes(Page page) {
    int sum = 256;
    for (Version version : page.versions()) {
      sum += version.json().length + 1;
    }
    return sum;
  }

  private static final byte[] ITEMS = {',', '"', 'i', 't', 'e', 'm', 's', '"', ':', '['};
  private static final byte[] END = {']', '}'};

  /** Deletes every object that the request selects, each by a change of its own. */
  void deleteCollection(ApiRequest request, Answer answer) {
    ObjectFilter filter = ObjectFilter.of(request);
    ListOptions options = new ListOptions(store.revision(), "", request.number("limit"));
    Page page = collect(request.served().table(), options, filter);
    deleteNext(request, options, page, 0, answer);
  }

  private void deleteNext(
      ApiRequest request, ListOptions options, Page page, int at, Answer answer) {
    if (at == page.keys().size()) {
      send(request, options, page, answer);
      return;
    }
    String key = page.keys().get(at);
    String name = key.substring(key.indexOf('/') + 1);
    writes.deleteOne(
        request,
        key,
        name,
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            deleteNext(request, options, page, at + 1, answer);
          }

          @Override
          public void refused(ApiException why) {
            if (why.code() == 404) {
              context.runOnContext(v -> deleteNext(request, options, page, at + 1, answer));
            } else {
              answer.refuse(why);
            }
          }
        });
  }
}
