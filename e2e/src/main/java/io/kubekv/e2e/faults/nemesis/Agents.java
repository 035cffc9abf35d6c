package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.faults.agent.Agent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;

/** The option that has a virtual machine change a replica as it loads. */
final class Agents {
  private Agents() {}

  /**
   * Makes the agent's jar, which names where this program's own classes are.
   *
   * @param folder where to
   * @param clock what the replica's clocks are off by
   * @param mistakes whether mistakes can be made, too
   */
  static String option(Path folder, Path clock, boolean mistakes) throws IOException {
    Path jar = folder.resolve("agent.jar");
    if (!Files.exists(jar)) {
      Manifest manifest = new Manifest();
      Attributes attributes = manifest.getMainAttributes();
      attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      attributes.putValue("Premain-Class", Agent.class.getName());
      attributes.putValue("Class-Path", place(Agent.class) + " " + place(ByteBuddy.class));
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
    return "-javaagent:" + jar + "=" + clock + (mistakes ? "," + Agent.MISTAKES : "");
  }

  private static String place(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI().toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
