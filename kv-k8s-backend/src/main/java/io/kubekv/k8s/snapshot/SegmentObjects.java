package io.kubekv.k8s.snapshot;

import static io.kubekv.k8s.api.HttpObjectApi.await;

import io.kubekv.Bytes;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.api.ObjectApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/**
 * Segments of the log as objects: chunks, and the list that names them. Thread-safe; its methods
 * block where nothing else is said.
 */
public final class SegmentObjects {
  private final ObjectApi api;
  private final Chunks chunks;

  SegmentObjects(ObjectApi api, Chunks chunks) {
    this.api = api;
    this.chunks = chunks;
  }

  /** The segments that there are. */
  public SegmentList list() throws ApiCallException, InterruptedException {
    return await(look());
  }

  /** The same; does not block. */
  public CompletableFuture<SegmentList> look() {
    return api.get(SnapshotKinds.MANIFEST, SegmentList.NAME)
        .thenApply(found -> found.map(SegmentList::read).orElse(SegmentList.NONE));
  }

  /**
   * Reads the content of a segment.
   *
   * @throws DamagedException when it is missing, or is not what was written
   */
  public Bytes read(Segment segment)
      throws ApiCallException, DamagedException, InterruptedException {
    Bytes content = chunks.read(List.of(segment.chunk())).get(segment.chunk());
    if (content == null || !Chunks.name(content).equals(segment.chunk())) {
      throw new DamagedException("StoreChunk %s was changed".formatted(segment.chunk()));
    }
    return content;
  }

  /**
   * Makes the chunk of a segment. What is in the list that is read before this is called, and
   * replaced after it, stays.
   */
  public Segment write(long to, Bytes content) throws ApiCallException, InterruptedException {
    String name = Chunks.name(content);
    chunks.write(name, content);
    return new Segment(to, content.size(), name);
  }

  /**
   * Puts a list in the place of exactly the version that it was made of. Whoever prepares another
   * on that one is refused.
   *
   * @return the list that stands then, whosever it is
   * @throws IOException when what stands lacks what was written: the type is of another version
   */
  public SegmentList put(SegmentList next, int slots)
      throws ApiCallException, IOException, InterruptedException {
    ObjectNode spec = next.spec(slots);
    try {
      Void unused =
          next.stands()
              ? await(
                  api.replace(SnapshotKinds.MANIFEST, SegmentList.NAME, next.version(), spec, ""))
              : await(api.create(SnapshotKinds.MANIFEST, SegmentList.NAME, spec));
    } catch (ApiCallException failed) {
      if (!Chunks.isPassing(failed.failure())) {
        throw failed;
      }
      return list();
    }
    SegmentList stands = list();
    if (stands.generation() == next.generation() + 1 && stands.foreign()) {
      throw new IOException(
          ("StoreManifest %s does not keep what is written: install the StoreManifest type of this"
                  + " version")
              .formatted(SegmentList.NAME));
    }
    return stands;
  }

  /** The chunks of those named that others have deleted or changed. */
  public List<String> harmed(List<String> names) throws ApiCallException, InterruptedException {
    Map<String, Long> generations = chunks.generations();
    return names.stream().filter(name -> generations.getOrDefault(name, 0L) != 1).toList();
  }
}
