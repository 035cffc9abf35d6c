package io.kubekv.zookeeper.probes;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The zxids that a program was told, which are compared by their order. */
final class Zxids {
  private static final Pattern TOLD = Pattern.compile("zxid<(-?\\d+)>");

  private final TreeSet<Long> all = new TreeSet<>();

  /** How a zxid stands in an answer until all are known. */
  String of(long zxid) {
    if (zxid == 0) {
      return "zxid 0";
    }
    all.add(zxid);
    return "zxid<" + zxid + ">";
  }

  /** The same answers, with the places that their zxids have among all. */
  List<String> ranked(List<String> answers) {
    return answers.stream().map(this::ranked).toList();
  }

  private String ranked(String answer) {
    return TOLD.matcher(answer).replaceAll(told -> ranked(Long.parseLong(told.group(1))));
  }

  private String ranked(long zxid) {
    return "zxid " + all.headSet(zxid, true).size();
  }
}
