package io.github.taipan.tensor;

import java.util.List;

/**
 * Launches that a device has made ready, to be executed again and again by one thread at a time.
 */
public interface Prepared {
  /** Executes all launches. */
  void run();

  /** Executes all launches and adds to each one's nanoseconds. */
  void time(long[] nanos);

  /** How many kernels a device starts for that; 0 where it does not count them. */
  default int kernels() {
    return 0;
  }

  /** Launches that are executed one by one. */
  static Prepared eagerly(Device device, List<Launch> launches) {
    return new Prepared() {
      @Override
      public void run() {
        launches.forEach(this::execute);
      }

      @Override
      public void time(long[] nanos) {
        for (int i = 0; i < nanos.length; i++) {
          long start = System.nanoTime();
          execute(launches.get(i));
          nanos[i] += System.nanoTime() - start;
        }
      }

      private void execute(Launch launch) {
        device.execute(launch.primitive(), launch.inputs(), launch.outputs());
      }
    };
  }
}
