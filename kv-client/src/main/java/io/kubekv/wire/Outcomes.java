package io.kubekv.wire;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
import io.kubekv.Limits;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.StoreStatus;
import io.kubekv.v1.Kv;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What the store answers to reads and changes. */
public final class Outcomes {
  private static final EnumPairs<Refused.Reason, Kv.Refused.Reason> REASONS =
      new EnumPairs<>(Refused.Reason.class, Kv.Refused.Reason.class, "REASON_");
  private static final EnumPairs<Capability, Kv.Capability> CAPABILITIES =
      new EnumPairs<>(Capability.class, Kv.Capability.class, "CAPABILITY_");

  private Outcomes() {}

  public static Kv.GetResponse toWire(Lookup lookup) {
    Kv.GetResponse.Builder wire =
        Kv.GetResponse.newBuilder().setRevision(lookup.revision().value());
    lookup.entry().ifPresent(entry -> wire.setEntry(Values.toWire(entry)));
    return wire.build();
  }

  public static Lookup toPort(Kv.GetResponse wire) {
    return new Lookup(
        Values.entry(wire.hasEntry(), wire.getEntry()), new Revision(wire.getRevision()));
  }

  public static Kv.PutResponse toWire(PutOutcome outcome) {
    Kv.PutResponse.Builder wire = Kv.PutResponse.newBuilder();
    switch (outcome) {
      case PutOutcome.Stored stored -> wire.setStored(toWire(stored));
      case Refused refused -> wire.setRefused(toWire(refused));
    }
    return wire.build();
  }

  public static PutOutcome toPort(Kv.PutResponse wire) {
    return switch (wire.getOutcomeCase()) {
      case STORED -> toPort(wire.getStored());
      case REFUSED -> toPort(wire.getRefused());
      case OUTCOME_NOT_SET -> throw unknownOutcome("put");
    };
  }

  static Kv.PutResponse.Stored toWire(PutOutcome.Stored stored) {
    Kv.PutResponse.Stored.Builder wire =
        Kv.PutResponse.Stored.newBuilder().setEntry(Values.toWire(stored.entry()));
    stored.previous().ifPresent(entry -> wire.setPrevious(Values.toWire(entry)));
    return wire.build();
  }

  static PutOutcome.Stored toPort(Kv.PutResponse.Stored wire) {
    return new PutOutcome.Stored(
        Values.toPort(wire.getEntry()), Values.entry(wire.hasPrevious(), wire.getPrevious()));
  }

  public static Kv.DeleteResponse toWire(DeleteOutcome outcome) {
    Kv.DeleteResponse.Builder wire = Kv.DeleteResponse.newBuilder();
    switch (outcome) {
      case DeleteOutcome.Deleted deleted -> wire.setDeleted(toWire(deleted));
      case Refused refused -> wire.setRefused(toWire(refused));
    }
    return wire.build();
  }

  public static DeleteOutcome toPort(Kv.DeleteResponse wire) {
    return switch (wire.getOutcomeCase()) {
      case DELETED -> toPort(wire.getDeleted());
      case REFUSED -> toPort(wire.getRefused());
      case OUTCOME_NOT_SET -> throw unknownOutcome("delete");
    };
  }

  static Kv.DeleteResponse.Deleted toWire(DeleteOutcome.Deleted deleted) {
    return Kv.DeleteResponse.Deleted.newBuilder()
        .setRevision(deleted.revision().value())
        .setPrevious(Values.toWire(deleted.previous()))
        .build();
  }

  static DeleteOutcome.Deleted toPort(Kv.DeleteResponse.Deleted wire) {
    return new DeleteOutcome.Deleted(
        new Revision(wire.getRevision()), Values.toPort(wire.getPrevious()));
  }

  public static Kv.DeleteRangeResponse toWire(RangeDeleted deleted) {
    Kv.DeleteRangeResponse.Builder wire =
        Kv.DeleteRangeResponse.newBuilder()
            .setCount(deleted.count())
            .setRevision(deleted.revision().value());
    deleted.top().ifPresent(entry -> wire.setTop(Values.toWire(entry)));
    return wire.build();
  }

  public static RangeDeleted toPort(Kv.DeleteRangeResponse wire) {
    return new RangeDeleted(
        wire.getCount(),
        Values.entry(wire.hasTop(), wire.getTop()),
        new Revision(wire.getRevision()));
  }

  public static Kv.Refused toWire(Refused refused) {
    Kv.Refused.Builder wire =
        Kv.Refused.newBuilder()
            .setReason(REASONS.toWire(refused.reason()))
            .setRevision(refused.revision().value());
    refused.entry().ifPresent(entry -> wire.setEntry(Values.toWire(entry)));
    refused.delay().ifPresent(delay -> wire.setDelay(Values.toWire(delay)));
    return wire.build();
  }

  public static Refused toPort(Kv.Refused wire) {
    return new Refused(
        REASONS.toPort(wire.getReason()),
        Values.entry(wire.hasEntry(), wire.getEntry()),
        new Revision(wire.getRevision()),
        wire.hasDelay() ? Optional.of(Values.toPort(wire.getDelay())) : Optional.empty());
  }

  public static Kv.StatusResponse toWire(
      long id, StoreStatus status, Limits limits, Set<Capability> capabilities) {
    Kv.StatusResponse.Builder wire =
        Kv.StatusResponse.newBuilder()
            .setId(id)
            .setReady(status.ready())
            .setReason(status.reason())
            .setRevision(status.revision().value())
            .setOldest(status.oldest().value())
            .setEntries(status.entries())
            .setBytes(status.bytes())
            .setLimits(
                Kv.Limits.newBuilder()
                    .setMaxKeyBytes(limits.maxKeyBytes())
                    .setMaxValueBytes(limits.maxValueBytes())
                    .setMaxDepth(limits.maxDepth())
                    .setMaxEntries(limits.maxEntries()));
    capabilities.forEach(each -> wire.addCapabilities(CAPABILITIES.toWire(each)));
    return wire.build();
  }

  public static StoreStatus toPort(Kv.StatusResponse wire) {
    return new StoreStatus(
        wire.getReady(),
        wire.getReason(),
        new Revision(wire.getRevision()),
        new Revision(wire.getOldest()),
        wire.getEntries(),
        wire.getBytes());
  }

  public static Limits toPort(Kv.Limits wire) {
    return new Limits(
        wire.getMaxKeyBytes(), wire.getMaxValueBytes(), wire.getMaxDepth(), wire.getMaxEntries());
  }

  /** Those that this version knows. */
  public static Set<Capability> capabilities(Kv.StatusResponse wire) {
    Set<Capability> known = EnumSet.noneOf(Capability.class);
    for (Capability each : Capability.values()) {
      if (wire.getCapabilitiesList().contains(CAPABILITIES.toWire(each))) {
        known.add(each);
      }
    }
    return known;
  }

  private static IllegalArgumentException unknownOutcome(String change) {
    return new IllegalArgumentException("an outcome of a " + change + " that is not known here");
  }

  public static Kv.DirectoryResponse toWire(DirectoryLookup found) {
    return Kv.DirectoryResponse.newBuilder()
        .setCreates(found.creates())
        .setChildren(found.children())
        .setChanged(found.changed().value())
        .setRevision(found.revision().value())
        .build();
  }

  public static DirectoryLookup toPort(Kv.DirectoryResponse wire) {
    return new DirectoryLookup(
        wire.getCreates(),
        wire.getChildren(),
        new Revision(wire.getChanged()),
        new Revision(wire.getRevision()));
  }
}
