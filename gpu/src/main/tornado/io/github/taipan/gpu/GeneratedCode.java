package io.github.taipan.gpu;

import io.github.taipan.tensor.KernelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The source of kernels: in Java, from this module's jar, and as TornadoVM prints it. */
final class GeneratedCode {
  /** TornadoVM appends to this file what it compiles for a plan that prints. */
  private static final String PROPERTY = "tornado.print.kernel.dir";

  private final TornadoVMBackendType backend;

  GeneratedCode(TornadoVMBackendType backend) {
    this.backend = backend;
  }

  /** Chooses the file; has to come before TornadoVM starts. */
  static void choosePlace() {
    if (System.getProperty(PROPERTY) == null) {
      try {
        Path file = Files.createTempFile("taipan-kernels", ".txt");
        file.toFile().deleteOnExit();
        System.setProperty(PROPERTY, file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Path file() {
    return Path.of(System.getProperty(PROPERTY, ""));
  }

  /** Empties the file. */
  void forget() {
    try {
      Files.writeString(file(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the file holds. */
  KernelSource source(Kernel kernel) {
    String language =
        switch (backend) {
          case OPENCL -> "OpenCL C";
          case CUDA -> "CUDA C";
          default -> backend.name();
        };
    try {
      return new KernelSource(kernel.name(), language, Files.readString(file()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel's method with its comment, from the sources that the jar has beside the classes. */
  static KernelSource java(Kernel kernel) {
    String[] name = kernel.method();
    String text = source(name[0] + ".java");
    Matcher method =
        Pattern.compile(
                "(?ms)^  /\\*\\*(?:(?!\\*/).)*\\*/\\s*static void " + name[1] + "\\(.*?^  }$")
            .matcher(text);
    return new KernelSource(
        kernel.name(), "Java", method.find() ? method.group() : "(its source is not there)");
  }

  private static String source(String name) {
    try (InputStream stream = GeneratedCode.class.getResourceAsStream(name)) {
      return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
