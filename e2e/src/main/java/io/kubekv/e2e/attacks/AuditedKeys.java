package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kubekv.e2e.Finding;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Refused requests with keys of 2 MiB, each of which the audit log would have a line of. */
final class AuditedKeys implements Assault {
  private static final int QUICKLY = 48;
  private static final int OTHERWISE = 560;

  /** For each request, and as much for what the others do meanwhile. */
  private static final long BYTES_EACH = 16 << 10;

  private static final String KEY = "k".repeat(2 << 20);

  @Override
  public String name() {
    return "audited-keys";
  }

  @Override
  public String about() {
    return "refused requests with keys of 2 MiB, where an audit log is kept";
  }

  @Override
  public Kind kind() {
    return Kind.SECURED;
  }

  @Override
  public void examine(Rig rig, Consumer<Finding> findings) throws IOException {
    Victim victim = rig.victim(kind());
    long before = bytes(victim.auditFolder());
    rig.beside(this, victim, findings);
    long written = bytes(victim.auditFolder()) - before;
    double bar = (rig.quick() ? QUICKLY : OTHERWISE) * BYTES_EACH / 1024.0;
    findings.accept(Finding.atMost("KiB of audit log", written / 1024.0, bar, "KiB"));
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    Kv.GetRequest request = Kv.GetRequest.newBuilder().setKey(KEY).build();
    int failed =
        Workers.all(
            4,
            target.count(QUICKLY, OTHERWISE),
            number -> {
              ManagedChannel channel = Wire.channel(target, Target.source(number));
              try {
                KeyValueGrpc.newBlockingStub(channel)
                    .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(
                            Wire.metadata("authorization", "Bearer stranger" + number % 8)))
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .get(request);
              } catch (StatusRuntimeException refused) {
                if (refused.getStatus().getCode() == io.grpc.Status.Code.DEADLINE_EXCEEDED) {
                  throw new IOException("not answered");
                }
              } finally {
                channel.shutdownNow();
              }
            });
    findings.accept(Finding.exactly("requests without an answer", failed, 0));
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
