package io.kubekv.zookeeper.access;

import io.kubekv.Limits;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.ZkException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/** The rules of access control lists (ZooKeeper 3.8, PrepRequestProcessor and its providers). */
public final class Acls {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int CREATE = 4;
  public static final int DELETE = 8;
  public static final int ADMIN = 16;
  private static final int ALL = 31;
  private static final String IP = "ip";

  /** A list of more is longer than what is kept, whatever is in it. */
  private static final int MOST_ENTRIES = Limits.MAX_METADATA_BYTES / (3 * Integer.BYTES);

  public static final Id ANYONE = new Id("world", "anyone");
  public static final ACL OPEN = new ACL(ALL, ANYONE);

  private Acls() {}

  /**
   * Returns when one of these may.
   *
   * @throws ZkException when none may
   */
  public static void require(List<ACL> acl, int permissions, List<Id> ids) {
    if (!allows(acl, permissions, ids)) {
      throw new ZkException(Code.NO_AUTH);
    }
  }

  public static boolean allows(List<ACL> acl, int permissions, List<Id> ids) {
    if (acl.isEmpty()) {
      return true;
    }
    List<Id> wanted =
        acl.stream().filter(each -> (each.getPerms() & permissions) != 0).map(ACL::getId).toList();
    return wanted.stream().anyMatch(id -> !id.getScheme().equals(IP) && isOneOf(id, ids))
        || isWithin(wanted.stream().filter(id -> id.getScheme().equals(IP)).toList(), ids);
  }

  /** Whether one of these comes from one of those addresses, each of which is read once. */
  private static boolean isWithin(List<Id> ranges, List<Id> ids) {
    if (ranges.isEmpty()) {
      return false;
    }
    List<Addresses> addresses =
        ids.stream()
            .filter(id -> id.getScheme().equals(IP))
            .flatMap(id -> Addresses.parse(id.getId()).stream())
            .toList();
    return !addresses.isEmpty()
        && ranges.stream()
            .flatMap(range -> Addresses.parse(range.getId()).stream())
            .anyMatch(range -> addresses.stream().anyMatch(range::contains));
  }

  private static boolean isOneOf(Id wanted, List<Id> ids) {
    return wanted.equals(ANYONE) || ids.stream().anyMatch(wanted::equals);
  }

  /**
   * The list as it is kept: each once, and whoever asks in the place of {@code auth}.
   *
   * @throws ZkException when one of them is none, or there is none, or it is too long to be kept
   */
  public static List<ACL> fixed(@Nullable List<ACL> asked, List<Id> ids) {
    if (asked == null) {
      throw new ZkException(Code.INVALID_ACL);
    }
    if (asked.size() > MOST_ENTRIES) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
    Map<String, ACL> fixed = new LinkedHashMap<>();
    long bytes = 0;
    for (ACL each : asked) {
      for (ACL kept : kept(each, ids)) {
        fixed.putIfAbsent(text(kept), kept);
        bytes += bytes(kept);
      }
      if (bytes > Limits.MAX_METADATA_BYTES) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
    }
    if (fixed.isEmpty()) {
      throw new ZkException(Code.INVALID_ACL);
    }
    return List.copyOf(fixed.values());
  }

  /** What is kept of an entry. */
  private static List<ACL> kept(@Nullable ACL asked, List<Id> ids) {
    Id id = asked == null ? null : asked.getId();
    if (asked == null || id == null || id.getScheme() == null || id.getId() == null) {
      throw new ZkException(Code.INVALID_ACL);
    }
    if (id.getScheme().equals("auth")) {
      return own(asked.getPerms(), ids);
    }
    if (!isValid(id)) {
      throw new ZkException(Code.INVALID_ACL);
    }
    return List.of(asked);
  }

  /** The same for the same, and in an order, so that many of one hash are told apart quickly. */
  private static String text(ACL acl) {
    return acl.getPerms() + " " + acl.getId().getScheme() + " " + acl.getId().getId();
  }

  private static long bytes(ACL acl) {
    return 3L * Integer.BYTES + acl.getId().getScheme().length() + acl.getId().getId().length();
  }

  private static List<ACL> own(int permissions, List<Id> ids) {
    List<ACL> own =
        ids.stream()
            .filter(id -> !id.getScheme().equals(IP))
            .map(id -> new ACL(permissions, id))
            .toList();
    if (own.isEmpty()) {
      throw new ZkException(Code.INVALID_ACL);
    }
    return own;
  }

  private static boolean isValid(Id id) {
    return switch (id.getScheme()) {
      case "world" -> id.getId().equals("anyone");
      case "digest" -> id.getId().split(":", -1).length == 2;
      case IP -> Addresses.parse(id.getId()).isPresent();
      case "x509" -> !id.getId().isEmpty();
      default -> false;
    };
  }

  /** The id of a user with a password. */
  public static Id digest(byte[] userAndPassword) {
    try {
      byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(userAndPassword);
      String user = new String(userAndPassword, StandardCharsets.UTF_8).split(":", 2)[0];
      return new Id("digest", user + ":" + Base64.getEncoder().encodeToString(sha1));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }

  /** The list as it is shown to who may not change it: without passwords. */
  public static List<ACL> masked(List<ACL> acl) {
    return acl.stream().map(Acls::masked).toList();
  }

  private static ACL masked(ACL acl) {
    Id id = acl.getId();
    return id.getScheme().equals("digest")
        ? new ACL(acl.getPerms(), new Id("digest", id.getId().split(":", 2)[0] + ":x"))
        : acl;
  }
}
