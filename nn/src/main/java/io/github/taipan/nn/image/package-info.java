/** Pictures in memory: conversion, resizing, and the measures that restoration is reported in. */
@NullMarked
package io.github.taipan.nn.image;

import org.jspecify.annotations.NullMarked;
