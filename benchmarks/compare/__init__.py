"""What `monitor compare` finds on real pairs, and how fast SSIM is against scikit-image."""
