package io.github.taipan.vmambair.model;

/**
 * What a network restores. The three released networks differ in the channel branch of their omni
 * selective scan, in how it joins the plane branch, and in their tail.
 */
public enum Task {
  /** Removal of rain ({@code Mamber32}): channel branch lifted to 4 and added. */
  DERAIN("derain", 1, 4, false),
  /** Single-image super-resolution by 4 ({@code MambaSISR6}): lifted to 4 and multiplied. */
  SR4("sr4", 4, 4, true),
  /** Real-world super-resolution by 4 ({@code MambaRealSR11}): not lifted, multiplied. */
  REALSR4("realsr4", 4, 1, true);

  private final String label;
  private final int scale;
  private final int channelWidth;
  private final boolean multiplies;

  Task(String label, int scale, int channelWidth, boolean multiplies) {
    this.label = label;
    this.scale = scale;
    this.channelWidth = channelWidth;
    this.multiplies = multiplies;
  }

  /** The name on the command line and in configuration files. */
  public String label() {
    return label;
  }

  /** How many times larger the output is, along each side. */
  public int scale() {
    return scale;
  }

  /** The width of the channel scan's sequence elements; 1 means that nothing is lifted. */
  public int channelWidth() {
    return channelWidth;
  }

  /** Whether the channel branch is a factor ({@code y + y ⊙ c}) rather than an addend. */
  public boolean multiplies() {
    return multiplies;
  }

  /** The task of this label. */
  public static Task of(String label) {
    for (Task task : values()) {
      if (task.label.equals(label)) {
        return task;
      }
    }
    throw new IllegalArgumentException(
        "no task is named \"%s\"; there are derain, sr4 and realsr4".formatted(label));
  }
}
