package io.kubekv.zookeeper.probes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.SyncRequest;

/** A server that programs are run on, each below a node of its own. */
public final class Probed {
  /** Before what is told of a node's data to who has asked whether it exists. */
  static final String READ_AFTER = "\nread: ";

  static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));

  private final InetSocketAddress address;
  private long requests;
  private long runs;

  public Probed(InetSocketAddress address) {
    this.address = address;
  }

  /** Requests of programs that it has answered. */
  public long requests() {
    return requests;
  }

  /**
   * Runs a program.
   *
   * @return an answer for each step with the events before it, and at last for each session
   */
  List<String> run(List<Step> program, int sessions) throws IOException {
    String root = "/run-" + runs++;
    Zxids zxids = new Zxids();
    Map<Long, String> names = new HashMap<>();
    Answers answers = new Answers(zxids, root, names);
    List<String> told = new ArrayList<>();
    List<ProbeSession> open = new ArrayList<>();
    try {
      for (int i = 0; i < sessions; i++) {
        open.add(new ProbeSession(address, answers, zxids));
        names.put(open.getLast().id(), "session " + i);
      }
      begin(open.getFirst(), root);
      for (Step step : program) {
        ProbeSession session = open.get(step.session());
        if (step instanceof Step.Renew) {
          open.forEach(ProbeSession::anyOrder);
        }
        requests++;
        told.add(taken(step, session, new At(root, session)));
        names.put(session.id(), "session " + step.session());
      }
      for (ProbeSession each : open) {
        requests++;
        told.add(each.ask(Step.Part.of(Op.SYNC, place -> new SyncRequest(root)), Programs.SHOWN));
      }
    } finally {
      for (ProbeSession each : open) {
        each.close();
      }
    }
    return zxids.ranked(told);
  }

  private static void begin(ProbeSession session, String root) throws IOException {
    Step.Part made =
        Step.Part.of(Op.CREATE, place -> new CreateRequest(root, "top".getBytes(UTF_8), OPEN, 0));
    String answer = session.ask(made, Programs.SHOWN);
    if (!answer.startsWith("err 0 ")) {
      throw new IOException("no node was made to run a program below: " + answer);
    }
  }

  private static String taken(Step step, ProbeSession session, Step.Place place)
      throws IOException {
    try {
      return take(step, session, place);
    } catch (IOException failed) {
      throw new IOException(step + ": " + failed, failed);
    }
  }

  private static String take(Step step, ProbeSession session, Step.Place place) throws IOException {
    return switch (step) {
      case Step.Ask ask -> take(ask.part(), session, place);
      case Step.Several several -> session.ask(several.op(), several.parts(), place);
      case Step.Attach attach -> session.attach();
      case Step.Renew renew -> session.renew();
    };
  }

  private static String take(Step.Part part, ProbeSession session, Step.Place place)
      throws IOException {
    String answer = session.ask(part, place);
    return part.shape().at(place) instanceof ExistsRequest exists
        ? answer + READ_AFTER + session.ask(read(exists), place)
        : answer;
  }

  /** Tells whether the session may read the node, which the first question does not everywhere. */
  private static Step.Part read(ExistsRequest exists) {
    return Step.Part.of(Op.GET_DATA, place -> new GetDataRequest(exists.getPath(), false));
  }

  /** Where a program is run. */
  private record At(String root, ProbeSession session) implements Step.Place {
    @Override
    public String path(String path) {
      return path.startsWith(Programs.ROOT) ? root + path.substring(Programs.ROOT.length()) : path;
    }

    @Override
    public long seen() {
      return session.seen();
    }
  }
}
