package io.kubekv.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of a test class through the JUnit platform, inside a test. */
final class KitRun implements TestExecutionListener {
  /** A test that ended, by its group's class and its method. */
  record Test(String group, String name, TestExecutionResult result) {
    boolean failed() {
      return result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
    }

    @Override
    public String toString() {
      return group + "." + name;
    }
  }

  private final List<Test> tests = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  private KitRun() {}

  static KitRun of(Class<?> kit, Map<String, String> parameters) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(kit))
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameters(parameters)
            // several run at a time, each on the thread of its test
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .build();
    LauncherConfig alone =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build();
    KitRun run = new KitRun();
    LauncherFactory.create(alone).execute(request, run);
    return run;
  }

  List<Test> tests() {
    return tests;
  }

  List<Test> failures() {
    return tests.stream().filter(Test::failed).toList();
  }

  List<String> skipped() {
    return skipped;
  }

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    skipped.add(identifier.getDisplayName());
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    TestSource source = identifier.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      String group = method.getClassName();
      tests.add(new Test(group.substring(group.indexOf('$') + 1), method.getMethodName(), result));
    } else if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
      tests.add(new Test("container", identifier.getDisplayName(), result));
    }
  }
}
