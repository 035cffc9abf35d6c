package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.Revision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a key costs on its way into an object and back. */
@State(Scope.Benchmark)
public class ObjectBenchmark {
  /** Of the value, in bytes. */
  @Param({"100", "1024", "102400"})
  public int size;

  private Key key = SampleObjects.key(0);
  private StoredObject object = SampleObjects.object(key, 1, 1);
  private ObjectSpec next = object.spec();
  private byte[] frame = {};

  @Setup
  public void make() {
    key = SampleObjects.key(17);
    object = SampleObjects.object(key, size, 1_000_000);
    next = SampleObjects.spec(key, size, new Revision(1_000_000));
    frame = SampleObjects.frame(object);
  }

  /** The name of the object that holds a key. */
  @Benchmark
  public String name() {
    return ObjectNames.of(ObjectType.VALUE, key);
  }

  /** The body of the call that a put makes. */
  @Benchmark
  public Object encodeWrite() {
    return ObjectJson.toReplace(object, next);
  }

  /** An event of the API's watch. */
  @Benchmark
  public Object decodeEvent() {
    return WatchFrames.read(frame);
  }
}
