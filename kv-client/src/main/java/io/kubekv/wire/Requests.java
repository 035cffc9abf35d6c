package io.kubekv.wire;

import io.kubekv.Attachment;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Locking;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchRequest;
import io.kubekv.v1.Kv;
import java.util.Optional;

/**
 * What is asked of the store. Whatever comes from the wire and makes no sense is an {@link
 * IllegalArgumentException} that says what is wrong.
 */
public final class Requests {
  private static final EnumPairs<Layout, Kv.Layout> LAYOUTS =
      new EnumPairs<>(Layout.class, Kv.Layout.class, "LAYOUT_");
  private static final EnumPairs<Naming, Kv.Naming> NAMINGS =
      new EnumPairs<>(Naming.class, Kv.Naming.class, "NAMING_");
  private static final EnumPairs<PutMode, Kv.PutMode> MODES =
      new EnumPairs<>(PutMode.class, Kv.PutMode.class, "PUT_MODE_");

  private Requests() {}

  public static Kv.Freshness toWire(Freshness freshness) {
    return switch (freshness) {
      case Freshness.Linearizable linearizable -> Kv.Freshness.getDefaultInstance();
      case Freshness.AtLeast atLeast ->
          Kv.Freshness.newBuilder().setAtLeast(atLeast.revision().value()).build();
      case Freshness.At at -> Kv.Freshness.newBuilder().setAt(at.revision().value()).build();
      case Freshness.Stale stale ->
          Kv.Freshness.newBuilder().setStale(Kv.Freshness.Stale.getDefaultInstance()).build();
    };
  }

  public static Freshness toPort(Kv.Freshness wire) {
    return switch (wire.getKindCase()) {
      case KIND_NOT_SET -> Freshness.LINEARIZABLE;
      case AT_LEAST -> new Freshness.AtLeast(new Revision(wire.getAtLeast()));
      case STALE -> Freshness.STALE;
      case AT -> new Freshness.At(new Revision(wire.getAt()));
    };
  }

  public static Kv.Range toWire(Range range) {
    return switch (range) {
      case Range.Exact exact -> Kv.Range.newBuilder().setKey(exact.key().text()).build();
      case Range.WithPrefix with -> Kv.Range.newBuilder().setPrefix(with.prefix().text()).build();
      case Range.Tree tree -> Kv.Range.newBuilder().setTree(tree.top().text()).build();
      case Range.Between between -> {
        Kv.Range.Between.Builder keys =
            Kv.Range.Between.newBuilder().setFrom(between.from().text());
        between.to().ifPresent(to -> keys.setTo(to.text()));
        yield Kv.Range.newBuilder().setBetween(keys).build();
      }
    };
  }

  public static Range toPort(Kv.Range wire) {
    return switch (wire.getKindCase()) {
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "the range is missing: set key, prefix, tree or between");
      case KEY -> new Range.Exact(Key.of(wire.getKey()));
      case PREFIX -> new Range.WithPrefix(new Prefix(wire.getPrefix()));
      case TREE -> new Range.Tree(Key.of(wire.getTree()));
      case BETWEEN ->
          new Range.Between(
              Key.of(wire.getBetween().getFrom()),
              wire.getBetween().hasTo()
                  ? Optional.of(Key.of(wire.getBetween().getTo()))
                  : Optional.empty());
    };
  }

  public static Kv.ListRequest toWire(ListRequest request, Freshness freshness) {
    Kv.ListRequest.Builder wire =
        Kv.ListRequest.newBuilder()
            .setRange(toWire(request.range()))
            .setFreshness(toWire(freshness))
            .setLimit(limitToWire(request));
    request.delimiter().ifPresent(wire::setDelimiter);
    return wire.build();
  }

  public static ListRequest toPort(Kv.ListRequest wire) {
    return new ListRequest(
        toPort(wire.getRange()),
        wire.hasDelimiter() ? Optional.of(wire.getDelimiter()) : Optional.empty(),
        limitToPort(wire.getLimit()));
  }

  static int limitToWire(ListRequest request) {
    return request.limit() == ListRequest.NO_LIMIT ? 0 : request.limit();
  }

  /** The wire counts without a sign; more than the port counts is no limit. */
  static int limitToPort(int wire) {
    return wire <= 0 ? ListRequest.NO_LIMIT : wire;
  }

  public static Kv.PutRequest toWire(PutRequest request) {
    Kv.PutRequest.Builder wire =
        Kv.PutRequest.newBuilder()
            .setKey(request.givenKey())
            .setNaming(NAMINGS.toWire(request.naming()))
            .setKind(Values.KINDS.toWire(request.kind()))
            .setValue(Values.toWire(request.value()))
            .setFlags(request.flags())
            .setPrecondition(toWire(request.precondition()))
            .setMode(MODES.toWire(request.mode()))
            .setLayout(LAYOUTS.toWire(request.layout()))
            .setMetadata(Values.toWire(request.metadata()));
    request.timeToLive().ifPresent(time -> wire.setTimeToLive(Values.toWire(time)));
    request.fence().ifPresent(fence -> wire.setFence(fence.value()));
    switch (request.locking()) {
      case Locking.None none -> {}
      case Locking.Acquire acquire -> wire.setAcquire(acquire.session().toString());
      case Locking.Release release -> wire.setRelease(release.session().toString());
      case Locking.HandOver over ->
          wire.setHandOver(
              Kv.PutRequest.HandOver.newBuilder()
                  .setSession(over.session().toString())
                  .setNext(over.next().toString()));
    }
    switch (request.attachment()) {
      case Attachment.Detach detach -> {}
      case Attachment.Keep keep ->
          wire.setKeepAttached(Kv.PutRequest.KeepAttached.getDefaultInstance());
      case Attachment.To to -> wire.setAttachTo(to.session().toString());
    }
    Values.toWire(request.author()).ifPresent(wire::setAuthor);
    return wire.build();
  }

  public static PutRequest toPort(Kv.PutRequest wire) {
    Naming naming = NAMINGS.toPort(wire.getNaming(), Naming.GIVEN);
    return new PutRequest(
        Key.of(wire.getKey() + "0".repeat(naming.digits())),
        Values.KINDS.toPort(wire.getKind(), Kind.VALUE),
        Values.toPort(wire.getValue()),
        wire.getFlags(),
        wire.hasTimeToLive() ? Optional.of(Values.toPort(wire.getTimeToLive())) : Optional.empty(),
        toPort(wire.getPrecondition()),
        MODES.toPort(wire.getMode(), PutMode.UPDATE),
        layout(wire.getLayout()),
        locking(wire),
        Values.revision(wire.hasFence(), wire.getFence()),
        naming,
        attachment(wire),
        Values.toPort(wire.getMetadata()),
        Values.toPort(wire.getAuthor()));
  }

  private static Attachment attachment(Kv.PutRequest wire) {
    return switch (wire.getAttachmentCase()) {
      case ATTACHMENT_NOT_SET -> Attachment.DETACH;
      case ATTACH_TO -> new Attachment.To(Values.session(wire.getAttachTo()));
      case KEEP_ATTACHED -> Attachment.KEEP;
    };
  }

  private static Locking locking(Kv.PutRequest wire) {
    return switch (wire.getLockingCase()) {
      case LOCKING_NOT_SET -> Locking.NONE;
      case ACQUIRE -> new Locking.Acquire(Values.session(wire.getAcquire()));
      case RELEASE -> new Locking.Release(Values.session(wire.getRelease()));
      case HAND_OVER ->
          new Locking.HandOver(
              Values.session(wire.getHandOver().getSession()),
              Values.session(wire.getHandOver().getNext()));
    };
  }

  public static Kv.DeleteRequest toWire(DeleteRequest request) {
    Kv.DeleteRequest.Builder wire =
        Kv.DeleteRequest.newBuilder()
            .setKey(request.key().text())
            .setPrecondition(toWire(request.precondition()))
            .setLayout(LAYOUTS.toWire(request.layout()))
            .setDirectory(request.directory());
    Values.toWire(request.author()).ifPresent(wire::setAuthor);
    return wire.build();
  }

  public static DeleteRequest toPort(Kv.DeleteRequest wire) {
    return new DeleteRequest(
        Key.of(wire.getKey()),
        toPort(wire.getPrecondition()),
        layout(wire.getLayout()),
        wire.getDirectory(),
        Values.toPort(wire.getAuthor()));
  }

  public static Kv.DeleteRangeRequest toWire(DeleteRangeRequest request) {
    Kv.DeleteRangeRequest.Builder wire =
        Kv.DeleteRangeRequest.newBuilder().setRange(toWire(request.range()));
    Values.toWire(request.author()).ifPresent(wire::setAuthor);
    return wire.build();
  }

  public static DeleteRangeRequest toPort(Kv.DeleteRangeRequest wire) {
    return new DeleteRangeRequest(toPort(wire.getRange()), Values.toPort(wire.getAuthor()));
  }

  static Kv.Layout toWire(Layout layout) {
    return LAYOUTS.toWire(layout);
  }

  /** Nothing said is flat. */
  static Layout layout(Kv.Layout wire) {
    return LAYOUTS.toPort(wire, Layout.FLAT);
  }

  public static Kv.WatchRequest toWire(WatchRequest request) {
    Kv.WatchRequest.Builder wire = Kv.WatchRequest.newBuilder().setRange(toWire(request.range()));
    switch (request.start()) {
      case WatchRequest.Now now -> {}
      case WatchRequest.From from -> wire.setFromRevision(from.first().value());
      case WatchRequest.Oldest oldest ->
          wire.setOldest(Kv.WatchRequest.Oldest.getDefaultInstance());
    }
    return wire.build();
  }

  public static WatchRequest toPort(Kv.WatchRequest wire) {
    Range range = toPort(wire.getRange());
    return switch (wire.getStartCase()) {
      case START_NOT_SET -> WatchRequest.fromNow(range);
      case FROM_REVISION -> WatchRequest.from(range, new Revision(wire.getFromRevision()));
      case OLDEST -> WatchRequest.fromOldest(range);
    };
  }

  static Kv.Precondition toWire(Precondition precondition) {
    Kv.Precondition.Builder wire = Kv.Precondition.newBuilder();
    switch (precondition) {
      case Precondition.None none -> {}
      case Precondition.Absent absent ->
          wire.setAbsent(Kv.Precondition.Absent.getDefaultInstance());
      case Precondition.Present present ->
          wire.setPresent(Kv.Precondition.Present.getDefaultInstance());
      case Precondition.RevisionIs is ->
          wire.getMatchesBuilder().setRevision(is.revision().value());
      case Precondition.ValueIs is -> wire.getMatchesBuilder().setValue(Values.toWire(is.value()));
      case Precondition.RevisionAndValueAre are ->
          wire.getMatchesBuilder()
              .setRevision(are.revision().value())
              .setValue(Values.toWire(are.value()));
      case Precondition.VersionIs is -> wire.setVersion(is.version());
    }
    return wire.build();
  }

  static Precondition toPort(Kv.Precondition wire) {
    return switch (wire.getKindCase()) {
      case KIND_NOT_SET -> Precondition.NONE;
      case ABSENT -> Precondition.ABSENT;
      case PRESENT -> Precondition.PRESENT;
      case MATCHES -> matches(wire.getMatches());
      case VERSION -> new Precondition.VersionIs(wire.getVersion());
    };
  }

  private static Precondition matches(Kv.Precondition.Matches wire) {
    Revision revision = new Revision(wire.getRevision());
    if (wire.hasRevision() && wire.hasValue()) {
      return new Precondition.RevisionAndValueAre(revision, Values.toPort(wire.getValue()));
    }
    if (wire.hasRevision()) {
      return new Precondition.RevisionIs(revision);
    }
    if (wire.hasValue()) {
      return new Precondition.ValueIs(Values.toPort(wire.getValue()));
    }
    throw new IllegalArgumentException("precondition matches: set revision, value or both");
  }
}
