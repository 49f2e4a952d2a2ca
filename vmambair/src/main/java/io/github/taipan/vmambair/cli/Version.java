package io.github.taipan.vmambair.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar, and that of Java. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Objects.requireNonNullElse(
            Version.class.getPackage().getImplementationVersion(), "(not packaged)");
    return new String[] {"taipan " + version + ", Java " + Runtime.version()};
  }
}
