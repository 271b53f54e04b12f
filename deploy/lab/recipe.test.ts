import { describe, expect, it } from 'vitest'
import { imageRecipe, recipeName } from './recipe.ts'

describe('the name of an image', () => {
  const recipe = imageRecipe('debian13')

  it('is the same for the same recipe', () => {
    expect(recipeName('debian13', imageRecipe('debian13'))).toBe(recipeName('debian13', recipe))
    expect(recipeName('debian13', recipe)).toMatch(/^debian13-[0-9a-f]{12}$/)
  })

  it('changes with anything in it, so that an old image is never taken for a new one', () => {
    const more = recipeName('debian13', { ...recipe, packages: [...recipe.packages, 'less'] })
    const other = recipeName('debian13', { ...recipe, finish: [] })
    expect(new Set([recipeName('debian13', recipe), more, other]).size).toBe(3)
  })
})
