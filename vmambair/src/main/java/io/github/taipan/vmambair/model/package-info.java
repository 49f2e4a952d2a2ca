/**
 * The VmambaIR networks (arXiv 2403.11423) as their authors released them: {@link
 * io.github.taipan.vmambair.model.VmambaIR} is a U-Net of {@link
 * io.github.taipan.vmambair.model.OssBlock}s, each an {@link
 * io.github.taipan.vmambair.model.OmniSelectiveScan} and an {@link
 * io.github.taipan.vmambair.model.Effn}; the scan itself is {@link
 * io.github.taipan.vmambair.model.DirectionalScan}.
 */
@NullMarked
package io.github.taipan.vmambair.model;

import org.jspecify.annotations.NullMarked;
