package io.github.taipan.tensor.cpu;

/**
 * Some neighbouring channels of one image along a path of a selective scan, from one step of the
 * path to before another.
 *
 * @param slice counts the slices of a group
 * @param channel the first of the channels
 * @param width how many channels
 * @param add whether results are added to what earlier walks left, instead of overwriting it
 */
record Walk(
    int image,
    int group,
    int slice,
    int channel,
    int width,
    int path,
    int from,
    int end,
    boolean add) {
  Walk along(int newPath, int newFrom, int newEnd, boolean newAdd) {
    return new Walk(image, group, slice, channel, width, newPath, newFrom, newEnd, newAdd);
  }
}
