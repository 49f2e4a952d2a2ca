package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.vmambair.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The page about the command line shows each command's usage as the program prints it. With {@code
 * -Dtaipan.docs=update} the page is rewritten instead.
 */
class CommandLinePageTest {
  private static final Path PAGE = Path.of("docs/command-line.md");
  private static final Pattern USAGE =
      Pattern.compile("```text\\nUsage: taipan ?([a-z]*).*?```\\n", Pattern.DOTALL);

  @Test
  void usagesAreThoseOfTheProgram() throws IOException {
    CommandLine program = Main.commandLine();
    TreeSet<String> missing = new TreeSet<>(program.getSubcommands().keySet());
    missing.remove("generate-completion");
    Path file = root().resolve(PAGE);
    String page = Files.readString(file);
    StringBuilder updated = new StringBuilder();
    Matcher usage = USAGE.matcher(page);
    while (usage.find()) {
      CommandLine command = program.getSubcommands().getOrDefault(usage.group(1), program);
      missing.remove(usage.group(1));
      String text = command.getUsageMessage(Ansi.OFF).replace("\r\n", "\n");
      usage.appendReplacement(updated, Matcher.quoteReplacement("```text\n" + text + "```\n"));
    }
    usage.appendTail(updated);
    assertTrue(missing.isEmpty(), "the page lacks " + missing);
    if ("update".equals(System.getProperty("taipan.docs"))) {
      Files.writeString(file, updated);
    } else {
      assertEquals(updated.toString(), page, "run with -Dtaipan.docs=update");
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(PAGE))) {
      folder = folder.getParent();
      assertTrue(folder != null, "not inside the project");
    }
    return folder;
  }
}
