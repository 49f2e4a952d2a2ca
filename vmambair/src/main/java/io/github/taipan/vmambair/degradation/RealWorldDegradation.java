package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;
import java.util.List;

/**
 * The second-order degradation of Real-ESRGAN (2021) for x4 super-resolution, as VmambaIR is
 * trained with it: twice blur, resizing, noise and JPEG, then a sinc filter, rounded to 8 bits.
 *
 * <p>The pictures of a batch share whether there is a second blur, the factors and filters of
 * resizing, the types of noise, the fields of grey Gaussian noise and the order of the last step;
 * the rest is drawn for each.
 */
public record RealWorldDegradation(RealWorldSettings settings) implements Degradation {
  private static final int SCALE = 4;

  /** With the paper's settings. */
  public RealWorldDegradation() {
    this(RealWorldSettings.DEFAULT);
  }

  @Override
  public int scale() {
    return SCALE;
  }

  @Override
  public FloatImage degrade(FloatImage truth, CounterRandom random) {
    return degrade(truth, random, random.split(0));
  }

  @Override
  public FloatImage degrade(FloatImage truth, CounterRandom batch, CounterRandom own) {
    Choices choices = choices(batch, own);
    int height = truth.height() / SCALE;
    int width = truth.width() / SCALE;
    Choices.Pass first = choices.first();
    FloatImage image = blur(first, truth);
    image = first.scale() == 1 ? image : Resizing.by(image, first.filter(), first.scale());
    image = noise(first, image, batch, own, "first noise");
    image = settings.jpeg().compress(image, first.quality());

    Choices.Pass second = choices.second();
    image = blur(second, image);
    image =
        Resizing.to(
            image,
            second.filter(),
            Math.max((int) (height * second.scale()), 1),
            Math.max((int) (width * second.scale()), 1));
    image = noise(second, image, batch, own, "second noise");

    if (!choices.jpegLast()) {
      image = settings.jpeg().compress(image, second.quality());
    }
    image = Resizing.to(image, choices.lastFilter(), height, width);
    if (choices.sinc().isPresent()) {
      image = choices.sinc().get().kernel().filter(image);
    }
    if (choices.jpegLast()) {
      image = settings.jpeg().compress(clamp(image), second.quality());
    }
    return FloatImage.of(image.toImage());
  }

  @Override
  public List<String> describe(CounterRandom random) {
    return choices(random, random.split(0)).lines();
  }

  private Choices choices(CounterRandom batch, CounterRandom own) {
    return Choices.draw(settings, batch.split("choices").cursor(0), own.split("choices").cursor(0));
  }

  private static FloatImage blur(Choices.Pass pass, FloatImage image) {
    return pass.blur().map(blur -> blur.kernel().filter(image)).orElse(image);
  }

  private static FloatImage noise(
      Choices.Pass pass, FloatImage image, CounterRandom batch, CounterRandom own, String name) {
    return pass.noise().addTo(image, own.split(name).bits(0), batch.split(name).bits(0));
  }

  private static FloatImage clamp(FloatImage image) {
    float[] values = image.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp(values[i], 0f, 1f);
    }
    return new FloatImage(image.height(), image.width(), values);
  }
}
