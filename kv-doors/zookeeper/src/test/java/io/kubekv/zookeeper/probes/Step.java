package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Op;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;

/** One step of a program, which one of its sessions takes. */
public sealed interface Step {
  /** The number of the session. */
  int session();

  /** Where a program is run, which asks for what is below it. */
  interface Place {
    /** A path of a program, whose root is {@link Programs#ROOT}. */
    String path(String path);

    /** The latest zxid that the session had seen when its connection went away. */
    long seen();
  }

  /** A record, at a place. */
  @FunctionalInterface
  interface Shape {
    Record at(Place place);
  }

  /**
   * A request, or one of several that go together.
   *
   * @param number as the protocol has it, which may be of none
   */
  record Part(int number, Shape shape) {
    static Part of(Op op, Shape shape) {
      return new Part(op.number(), shape);
    }

    String verb() {
      return Op.of(number).map(Op::verb).orElse("request " + number);
    }

    @Override
    public String toString() {
      Record record = shape.at(Programs.SHOWN);
      String text =
          record instanceof SetWatches || record instanceof SetWatches2
              ? record.toString().replaceFirst("^-1", "seen")
              : record.toString();
      return verb() + " " + text.strip();
    }
  }

  /** Asks, and waits for the answer. */
  record Ask(int session, Part part) implements Step {
    @Override
    public String toString() {
      return "session " + session + ": " + part;
    }
  }

  /** Asks for several that go together. */
  record Several(int session, Op op, List<Part> parts) implements Step {
    @Override
    public String toString() {
      return "session %d: %s%s"
          .formatted(
              session,
              op.verb(),
              parts.stream().map(each -> "\n      " + each).collect(Collectors.joining()));
    }
  }

  /** Leaves its connection, and takes its session up on another. */
  record Attach(int session) implements Step {
    @Override
    public String toString() {
      return "session " + session + ": goes on with another connection";
    }
  }

  /** Ends its session, and begins another. */
  record Renew(int session) implements Step {
    @Override
    public String toString() {
      return "session " + session + ": ends, and begins anew";
    }
  }
}
