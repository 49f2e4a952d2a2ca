package io.github.taipan.gpu;

import java.util.Arrays;

/**
 * One execution of a kernel.
 *
 * @param groupsX how many work-groups, along three axes
 * @param arguments what the kernel reads from its launch array, in the order of its Javadoc
 */
record KernelLaunch(Kernel kernel, int groupsX, int groupsY, int groupsZ, int... arguments) {
  @Override
  public String toString() {
    return "%s of %d x %d x %d groups, %s"
        .formatted(kernel, groupsX, groupsY, groupsZ, Arrays.toString(arguments));
  }
}
