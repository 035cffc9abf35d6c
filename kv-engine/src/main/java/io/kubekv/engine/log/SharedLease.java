package io.kubekv.engine.log;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** A lease by which the replicas that compete for it find the one that has it. Thread-safe. */
public interface SharedLease extends Lease {
  /**
   * What a replica tells the others in the lease, while it has it.
   *
   * @param identity unique to one process and one run of it
   * @param address where the others reach it; empty when it does not say
   * @param secret by which the others prove to it that they may read the lease; empty when it does
   *     not say
   */
  record Holder(String identity, String address, String secret) {
    private static final int SECRET_BYTES = 32;

    /** With a secret that nobody else has, of letters that metadata of gRPC may have. */
    public static Holder withNewSecret(String identity, String address) {
      byte[] random = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(random);
      String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      return new Holder(identity, address, secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Holder[" + identity + " at " + address + "]";
    }
  }

  /**
   * The lease as it was seen last.
   *
   * @param ours whether this replica has it
   * @param duration for how long it is had at a time
   * @param age how long ago it was seen to be renewed
   */
  record Sighting(Holder holder, boolean ours, Duration duration, Duration age) {}

  /** This replica, as the others see it when it has the lease. */
  Holder self();

  /** Who has it, as seen last; empty when nobody does or nobody knows. Cheap. */
  Optional<Sighting> seen();

  /** Its holder is going or gone: looks at once, and often for a few seconds. Never blocks. */
  void hurry();
}
