package io.kubekv.zookeeper.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request asks for (ZooKeeper 3.8, ZooDefs.OpCode). */
public enum Op {
  CREATE(1),
  DELETE(2),
  EXISTS(3),
  GET_DATA(4),
  SET_DATA(5),
  GET_ACL(6),
  SET_ACL(7),
  GET_CHILDREN(8),
  SYNC(9),
  PING(11),
  GET_CHILDREN2(12),
  CHECK(13),
  MULTI(14),
  CREATE2(15),
  RECONFIG(16),
  CHECK_WATCHES(17),
  REMOVE_WATCHES(18),
  CREATE_CONTAINER(19),
  CREATE_TTL(21),
  MULTI_READ(22),
  AUTH(100),
  SET_WATCHES(101),
  SASL(102),
  GET_EPHEMERALS(103),
  GET_ALL_CHILDREN_NUMBER(104),
  SET_WATCHES2(105),
  ADD_WATCH(106),
  WHO_AM_I(107),
  CLOSE(-11);

  /** As metrics call a question of four letters. */
  public static final String WORD = "word";

  /** As metrics call what there is not. */
  public static final String UNKNOWN = "unknown";

  private static final Map<Integer, Op> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Op::number, op -> op));

  private final int number;
  private final String verb;

  Op(int number) {
    this.number = number;
    this.verb = name().toLowerCase(Locale.ROOT);
  }

  public int number() {
    return number;
  }

  /** As ZooKeeper's figures abbreviate it (3.8, FinalRequestProcessor). */
  public String shown() {
    return switch (this) {
      case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL -> "CREA";
      case DELETE -> "DELE";
      case EXISTS -> "EXIS";
      case GET_DATA -> "GETD";
      case SET_DATA -> "SETD";
      case GET_ACL -> "GETA";
      case SET_ACL -> "SETA";
      case GET_CHILDREN, GET_CHILDREN2 -> "GETC";
      case GET_ALL_CHILDREN_NUMBER -> "GETACN";
      case GET_EPHEMERALS -> "GETE";
      case SYNC -> "SYNC";
      case PING -> "PING";
      case CHECK -> "CHEC";
      case MULTI -> "MULT";
      case MULTI_READ -> "MLTR";
      case RECONFIG -> "RECO";
      case CHECK_WATCHES -> "CHKW";
      case REMOVE_WATCHES -> "REMW";
      case SET_WATCHES -> "SETW";
      case SET_WATCHES2 -> "STW2";
      case ADD_WATCH -> "ADDW";
      case WHO_AM_I -> "HOMI";
      case AUTH, SASL -> "AUTH";
      case CLOSE -> "CLOS";
    };
  }

  /** Whether what it asks for begins with the path of a node. */
  public boolean namesAPath() {
    return switch (this) {
      case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, EXISTS, GET_DATA, SET_DATA ->
          true;
      case GET_ACL, SET_ACL, GET_CHILDREN, GET_CHILDREN2, SYNC, CHECK -> true;
      case GET_EPHEMERALS, GET_ALL_CHILDREN_NUMBER -> true;
      case ADD_WATCH, CHECK_WATCHES, REMOVE_WATCHES -> true;
      case PING, MULTI, MULTI_READ, RECONFIG, AUTH, SASL, WHO_AM_I, CLOSE -> false;
      case SET_WATCHES, SET_WATCHES2 -> false;
    };
  }

  /** As metrics call it. */
  public String verb() {
    return verb;
  }

  public static Optional<Op> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /** All that metrics may show. */
  public static Set<String> verbs() {
    return Stream.concat(BY_NUMBER.values().stream().map(Op::verb), Stream.of(WORD, UNKNOWN))
        .collect(Collectors.toUnmodifiableSet());
  }
}
