package io.github.taipan.vmambair.cli;

/** Values as JSON. */
final class Json {
  private Json() {}

  /** JSON has no infinity, which is the PSNR of equal pictures: null. */
  static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
