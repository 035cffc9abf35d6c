package io.kubekv.zookeeper.access;

import io.kubekv.Limits;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.ZkException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** In digits: eight groups of four, the last two as four bytes. */
  private static final int LONGEST_ADDRESS = 45;

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
    return acl.isEmpty()
        || acl.stream()
            .filter(each -> (each.getPerms() & permissions) != 0)
            .anyMatch(each -> isOneOf(each.getId(), ids));
  }

  private static boolean isOneOf(Id wanted, List<Id> ids) {
    return wanted.equals(ANYONE)
        || ids.stream()
            .filter(id -> id.getScheme().equals(wanted.getScheme()))
            .anyMatch(
                id ->
                    wanted.getScheme().equals("ip")
                        ? isWithin(id.getId(), wanted.getId())
                        : id.getId().equals(wanted.getId()));
  }

  /**
   * The list as it is kept: each once, and whoever asks in the place of {@code auth}.
   *
   * @throws ZkException when one of them is none, or there is none, or it is too long to be kept
   */
  public static List<ACL> fixed(@Nullable List<ACL> asked, List<Id> ids) {
    Set<ACL> fixed = new LinkedHashSet<>();
    long bytes = 0;
    for (ACL each : asked == null ? List.<ACL>of() : new LinkedHashSet<>(asked)) {
      Id id = each == null ? null : each.getId();
      if (id == null || id.getScheme() == null || id.getId() == null) {
        throw new ZkException(Code.INVALID_ACL);
      }
      if (id.getScheme().equals("auth")) {
        List<ACL> own = own(each.getPerms(), ids);
        bytes += own.stream().mapToLong(Acls::bytes).sum();
        fixed.addAll(own);
      } else if (isValid(id)) {
        bytes += bytes(each);
        fixed.add(each);
      } else {
        throw new ZkException(Code.INVALID_ACL);
      }
      if (bytes > Limits.MAX_METADATA_BYTES) {
        throw new ZkException(Code.BAD_ARGUMENTS);
      }
    }
    if (fixed.isEmpty()) {
      throw new ZkException(Code.INVALID_ACL);
    }
    return List.copyOf(fixed);
  }

  private static long bytes(ACL acl) {
    return 3L * Integer.BYTES + acl.getId().getScheme().length() + acl.getId().getId().length();
  }

  private static List<ACL> own(int permissions, List<Id> ids) {
    List<ACL> own =
        ids.stream()
            .filter(id -> !id.getScheme().equals("ip"))
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
      case "ip" -> range(id.getId()).isPresent();
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

  private record Addresses(byte[] first, int bits) {
    boolean contains(byte[] address) {
      if (address.length != first.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((address[i / 8] & mask) != (first[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean isWithin(String address, String range) {
    Optional<Addresses> one = range(address);
    return one.isPresent() && range(range).filter(in -> in.contains(one.get().first())).isPresent();
  }

  private static Optional<Addresses> range(String text) {
    String[] parts = text.split("/", 3);
    Optional<byte[]> address = parts.length > 2 ? Optional.empty() : address(parts[0]);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] first = address.get();
      int most = first.length * 8;
      int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
      return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Addresses(first, bits));
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }

  /** The bytes of an address in digits; nobody is asked for a name's. */
  private static Optional<byte[]> address(String text) {
    if (text.length() > LONGEST_ADDRESS) {
      return Optional.empty();
    }
    if (text.matches("[0-9a-fA-F:][0-9a-fA-F:.]*") && text.indexOf(':') >= 0) {
      try {
        return Optional.of(InetAddress.getByName(text).getAddress()); // a colon is in no name
      } catch (UnknownHostException notOne) {
        return Optional.empty();
      }
    }
    return text.matches("\\d{1,3}(\\.\\d{1,3}){3}") ? fourBytes(text) : Optional.empty();
  }

  private static Optional<byte[]> fourBytes(String text) {
    String[] numbers = text.split("\\.");
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      if (number > 0xff) {
        return Optional.empty();
      }
      bytes[i] = (byte) number;
    }
    return Optional.of(bytes);
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
